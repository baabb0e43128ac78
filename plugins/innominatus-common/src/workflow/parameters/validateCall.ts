import { JsonObject, JsonValue } from '../../json';
import { findForgedSecret } from '../secretToken';
import { ParameterDefinition, ParameterIssue } from './types';
import {
  validateParameters,
  ValidateParametersOptions,
} from './validateParameters';

/** Workflows of providers work on one; whoever calls them may pass it on. */
const HOST_PARAMETERS = ['resource'];

/**
 * Checks the values that one workflow calls another with, as those of a golden
 * path, and fills in the defaults of the workflow that is called.
 *
 * @remarks
 * A workflow that declares no parameters takes any. What holds secrets was put
 * in by references: it is no value to be checked, and is handed on as it is.
 *
 * @public
 */
export function validateCall(
  definitions: readonly ParameterDefinition[],
  values: Readonly<JsonObject>,
  options: ValidateParametersOptions = {},
): { values: Record<string, JsonValue>; issues: ParameterIssue[] } {
  const unknown =
    options.unknown ?? (definitions.length === 0 ? 'pass' : 'error');
  const declared = new Set(definitions.map(({ name }) => name));
  const handedOn: JsonObject = {};
  const checked: JsonObject = {};
  for (const [name, value] of Object.entries(values)) {
    const isSecret =
      findForgedSecret(value) !== undefined &&
      (declared.has(name) || unknown === 'pass');
    const isOfHost = HOST_PARAMETERS.includes(name) && !declared.has(name);
    (isSecret || isOfHost ? handedOn : checked)[name] = value;
  }
  const { values: filled, issues } = validateParameters(
    definitions.filter(({ name }) => !Object.hasOwn(handedOn, name)),
    checked,
    { unknown },
  );
  return { values: { ...filled, ...handedOn }, issues };
}
