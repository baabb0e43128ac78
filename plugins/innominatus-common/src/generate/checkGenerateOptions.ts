import { Diagnostic } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import { findForgedSecret } from '../workflow/secretToken';
import { GenerateOptions } from './types';

/** Specs that can be generated together. */
const MAX_SPECS = 100;

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Checks what is said beside the specs; nothing is read before it is right. */
export function checkGenerateOptions(options: GenerateOptions): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (code: string, message: string, suggestions: string[]) =>
    found.push({
      severity: 'error',
      code,
      message,
      pointer: '',
      line: 1,
      column: 1,
      suggestions,
    });
  const { specs, namespace, environment, outputs } = options;
  if (specs.length === 0 || specs.length > MAX_SPECS) {
    add(
      'GENERATE_OPTIONS',
      `There are ${specs.length} Score specs, expected 1 to ${MAX_SPECS}.`,
      [],
    );
  }
  const isForOne =
    options.image !== undefined ||
    options.overrides !== undefined ||
    (options.overrideProperties ?? []).length > 0;
  if (specs.length > 1 && isForOne) {
    add(
      'GENERATE_OPTIONS',
      'An image and overrides are for one Score spec, but there are several.',
      ['Generate the specs one by one, or write the values into them.'],
    );
  }
  for (const [what, value] of Object.entries({ namespace, environment })) {
    if (value !== undefined && !LABEL.test(value)) {
      add(
        'GENERATE_OPTIONS',
        `"${value}" cannot be the name of ${what === 'namespace' ? 'a namespace' : 'an environment'}: expected at most 63 lower-case letters, digits and "-".`,
        [],
      );
    }
  }
  if (options.generateNamespace && namespace === undefined) {
    add(
      'GENERATE_OPTIONS',
      'The namespace is to be generated, but has no name.',
      ['Add --namespace NAME.'],
    );
  }
  for (const [name, given] of Object.entries(outputs ?? {})) {
    if (!isMap(given)) {
      add(
        'GENERATE_OUTPUTS',
        `The outputs of "${name}" are no map, for example {host: db.example}.`,
        [],
      );
    }
  }
  if (findForgedSecret(outputs) !== undefined) {
    add(
      'GENERATE_OUTPUTS',
      'The given outputs hold something that looks like a reference to a stored secret, which only innominatus makes.',
      ['Give the value itself.'],
    );
  }
  return found;
}

function isMap(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
