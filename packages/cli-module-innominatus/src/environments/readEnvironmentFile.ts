import type { EnvironmentInput } from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { CliError } from '../framework/errors';
import { readTextFile } from '../score/scoreFile';

/**
 * Reads an environment from a file of `kind: Environment`, or one with the keys
 * of the API in one level. Checked here, so that errors name the line.
 */
export async function readEnvironmentFile(
  context: CommandContext,
  path: string,
  name?: string,
): Promise<EnvironmentInput & { name: string }> {
  const { text, file } = await readTextFile(context, path);
  const { parse } = await import('yaml');
  const {
    formatDiagnostics,
    hasErrors,
    readDefinitions,
    readEnvironmentInput,
  } = await import('@innominatus/backstage-plugin-innominatus-common');
  const value: unknown = parseYaml(parse, text, file);
  if (isObject(value) && value.kind === 'Environment') {
    const { definitions, diagnostics } = readDefinitions(text, {
      file,
      mayEnd: true,
    });
    const [environment, more] = definitions.environments;
    if (hasErrors(diagnostics) || !environment || more) {
      throw new CliError(
        diagnostics.length > 0
          ? formatDiagnostics(diagnostics, { format: 'simple' })
          : `Expected one environment in "${file}".`,
      );
    }
    const { source, ...input } = environment;
    return { ...input, ...(name === undefined ? {} : { name }) };
  }
  const { environment, diagnostics } = readEnvironmentInput({
    ...(isObject(value) ? value : {}),
    ...(name === undefined ? {} : { name }),
  });
  if (!environment) {
    throw new CliError(`${file}: ${diagnostics[0].message}`);
  }
  return environment;
}

function parseYaml(
  parse: (text: string) => unknown,
  text: string,
  file: string,
): unknown {
  try {
    return parse(text);
  } catch (error) {
    // Several documents, or no YAML: the reader of definitions says which.
    if (/^kind:\s*Environment/m.test(text)) {
      return { kind: 'Environment' };
    }
    throw new CliError(`${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
