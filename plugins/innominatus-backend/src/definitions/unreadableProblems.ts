import {
  DefinitionProblems,
  toJsonPointer,
} from '@innominatus/backstage-plugin-innominatus-common';
import { LocationReader } from './LocationReader';

/** What is wrong with locations that cannot be read. */
export function unreadableProblems(
  readers: readonly LocationReader[],
): DefinitionProblems[] {
  return readers.flatMap(({ location, status, content }) =>
    status.error === undefined
      ? []
      : {
          file: location.target,
          diagnostics: [
            {
              severity: 'error',
              code: 'LOCATION_UNREADABLE',
              message:
                content && status.readAt !== undefined
                  ? `${status.error} What was read on ${new Date(status.readAt).toISOString()} stays in use.`
                  : status.error,
              pointer: toJsonPointer([]),
              line: 1,
              column: 1,
              suggestions: [],
              file: location.target,
            },
          ],
        },
  );
}
