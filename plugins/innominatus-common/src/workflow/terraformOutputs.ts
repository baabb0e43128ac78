import { JsonValue } from '../json';

/**
 * Outputs that a program wrote into a file.
 *
 * @public
 */
export interface FiledOutputs {
  outputs: Record<string, JsonValue>;
  /** Names of those that are secret. */
  sensitive: string[];
}

const KEYS = ['sensitive', 'type', 'value'];

/**
 * Takes the values out of what `terraform output -json` and `tofu output -json`
 * write: an object for each output with exactly `sensitive`, `type` and `value`.
 * They keep their types, and what is sensitive there is named. Anything else
 * comes back as it is.
 *
 * @public
 */
export function readTerraformOutputs(
  filed: Record<string, JsonValue>,
): FiledOutputs {
  const entries = Object.entries(filed);
  const outputs: Array<[string, JsonValue]> = [];
  const sensitive: string[] = [];
  for (const [name, output] of entries) {
    if (
      typeof output !== 'object' ||
      output === null ||
      Array.isArray(output) ||
      typeof output.sensitive !== 'boolean' ||
      Object.keys(output).sort().join() !== KEYS.join()
    ) {
      return { outputs: filed, sensitive: [] };
    }
    outputs.push([name, output.value]);
    if (output.sensitive) {
      sensitive.push(name);
    }
  }
  return { outputs: Object.fromEntries(outputs), sensitive };
}
