import {
  JsonObject,
  formatDiagnostics,
  hasErrors,
  readScore,
  readYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';

/**
 * Checks a Score file as it would be deployed and answers the name of its
 * workload. Its errors are shown here, so that nothing half-right is sent.
 */
export function readWorkloadName(
  context: CommandContext,
  options: {
    text: string;
    file: string;
    overrides?: JsonObject;
    overrideProperties?: readonly string[];
  },
): string {
  const { text, file, overrides, overrideProperties } = options;
  const { workload, diagnostics } = readScore(text, {
    file,
    overrides,
    overrideProperties,
    deployable: true,
  });
  if (!workload) {
    context.talk.always(
      formatDiagnostics(diagnostics, {
        format: 'text',
        file,
        color: context.talk.hasColors,
      }),
    );
    throw new CliError(`"${file}" has errors; nothing was sent.`, {
      exitCode: ExitCode.failed,
    });
  }
  return workload.name;
}

/** Reads the file of `--overrides-file`: YAML with a map. */
export function readOverridesText(text: string, file: string): JsonObject {
  const { value, diagnostics } = readYaml(text, { file });
  if (hasErrors(diagnostics)) {
    throw new CliError(
      `The overrides cannot be read.\n${formatDiagnostics(diagnostics, { format: 'simple', file })}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError(
      `"${file}" has no map of overrides, for example containers: {main: {image: nginx}}.`,
    );
  }
  return value;
}
