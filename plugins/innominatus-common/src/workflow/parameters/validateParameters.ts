import { nearestNames } from '../../diagnostics';
import { JsonValue } from '../../json';
import { findForgedSecret } from '../secretToken';
import { checkValue } from './checkValue';
import { ParameterDefinition, ParameterIssue } from './types';

/**
 * Options of {@link validateParameters}.
 *
 * @public
 */
export interface ValidateParametersOptions {
  /** What happens to values nobody declared. Default `error`. */
  unknown?: 'error' | 'pass';
}

/**
 * Checks the values of a run against the declared parameters, fills in
 * defaults, and brings each value into its type.
 *
 * @remarks
 * A missing or empty value is an issue only when the parameter is required;
 * it then takes the default, or stays away. Values of secret parameters never
 * show in a message.
 *
 * @public
 */
export function validateParameters(
  definitions: readonly ParameterDefinition[],
  values: Readonly<Record<string, JsonValue | undefined>>,
  options: ValidateParametersOptions = {},
): { values: Record<string, JsonValue>; issues: ParameterIssue[] } {
  const result: Array<[string, JsonValue]> = [];
  const issues: ParameterIssue[] = [];
  for (const definition of definitions) {
    const { name } = definition;
    const given = Object.hasOwn(values, name) ? values[name] : undefined;
    const isMissing = given === undefined || given === null;
    const value = isMissing ? definition.default : given;
    if (value === undefined || value === null || value === '') {
      if (definition.required) {
        issues.push(
          makeIssue(name, {
            constraint: 'parameter is required',
            suggestion: `provide a value of type '${definition.type}'`,
          }),
        );
      } else if (value === '' && definition.type === 'string') {
        result.push([name, '']);
      } else if (!isMissing && definition.default !== undefined) {
        result.push([name, definition.default]);
      }
      continue;
    }
    const checked =
      findForgedSecret(value) !== undefined
        ? {
            ok: false as const,
            constraint: 'value must not look like a secret marker',
          }
        : checkValue(definition, value);
    if (checked.ok) {
      result.push([name, checked.value]);
    } else {
      issues.push(
        makeIssue(name, {
          ...checked,
          value: definition.secret ? undefined : value,
        }),
      );
    }
  }
  const known = new Set(definitions.map(definition => definition.name));
  for (const [name, value] of Object.entries(values)) {
    if (known.has(name) || value === undefined) {
      continue;
    }
    if (options.unknown === 'pass' && findForgedSecret(value) === undefined) {
      result.push([name, value]);
    } else {
      const [near] = nearestNames(name, known, 1);
      const all = [...known].join(', ');
      issues.push(
        makeIssue(name, {
          constraint: 'parameter is not declared',
          suggestion: near
            ? `did you mean '${near}'?`
            : `use one of: ${all || 'none'}`,
        }),
      );
    }
  }
  return { values: Object.fromEntries(result), issues };
}

function makeIssue(
  parameter: string,
  problem: { constraint: string; suggestion?: string; value?: JsonValue },
): ParameterIssue {
  const { constraint, suggestion, value } = problem;
  const shown =
    value === undefined ? '' : ` provided value '${shorten(value)}',`;
  const hint = suggestion ? `. Suggestion: ${suggestion}` : '';
  return {
    parameter,
    constraint,
    ...(suggestion ? { suggestion } : {}),
    message: `parameter '${parameter}' validation failed:${shown} ${constraint}${hint}`,
  };
}

function shorten(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
