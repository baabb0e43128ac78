import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';

/**
 * Answers a function that sends a message and forgets about it. Messages are
 * hints: losing one must not fail what it tells about.
 */
export function createPublisher(options: {
  logger: LoggerService;
}): (send: () => Promise<void>) => void {
  return send => {
    send().catch(error => {
      options.logger.debug('Could not publish a change', {
        error: toError(error).message,
      });
    });
  };
}
