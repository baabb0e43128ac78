import {
  FileSource,
  JsonObject,
  Workload,
  formatDiagnostics,
  hasErrors,
  readScore,
  readYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { CliError } from '../framework/errors';

/**
 * Reads the workload of a Score file. Errors are shown here and end the
 * command, so that nothing half-right is sent.
 */
export function readWorkload(
  context: CommandContext,
  options: {
    text: string;
    file: string;
    overrides?: JsonObject;
    overrideProperties?: readonly string[];
    image?: string;
    /** What the files hold that it names. */
    sources?: Record<string, FileSource>;
    /** The spec is about to be deployed as it stands. */
    deployable: boolean;
  },
): Workload {
  const { text, ...rest } = options;
  const { file } = options;
  const { workload, diagnostics } = readScore(text, rest);
  if (!workload) {
    context.talk.always(
      formatDiagnostics(diagnostics, {
        format: 'text',
        file,
        color: context.talk.hasColors,
      }),
    );
    throw new CliError(`"${file}" has errors.`);
  }
  return workload;
}

/** Reads a YAML or JSON file with a map, such as that of `--overrides-file`. */
export function readMapText(
  text: string,
  options: { file: string; title: string; example: string },
): JsonObject {
  const { file, title, example } = options;
  const { value, diagnostics } = readYaml(text, { file });
  if (hasErrors(diagnostics)) {
    throw new CliError(
      `The ${title} cannot be read.\n${formatDiagnostics(diagnostics, { format: 'simple', file })}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError(
      `"${file}" has no map of ${title}, for example ${example}.`,
    );
  }
  return value;
}
