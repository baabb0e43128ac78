import { LoggerService } from '@backstage/backend-plugin-api';

const silent = () => {};

/** For processes whose work it is to see databases go away. */
export const quietLogger: LoggerService = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  child: () => quietLogger,
};
