import { joinJsonPointer } from '../diagnostics';
import { isDeeperThan, isSecretReference, JsonValue } from '../json';
import { parseTemplate, Reference } from './references';
import { optionalParameter, resolvePath, Scope } from './scope';
import { containsSecretToken, secretToken } from './secretToken';

/**
 * Thrown when a reference cannot be replaced at run time. The step fails with
 * it.
 *
 * @public
 */
export class InterpolationError extends Error {
  /** The reference as written. */
  readonly reference: string;
  /** JSON pointer of the string it stands in. */
  readonly pointer: string;
  /** Names that exist at the place where the lookup stopped. */
  readonly names: string[];

  constructor(options: {
    message: string;
    reference: string;
    pointer: string;
    names?: string[];
  }) {
    super(options.message);
    this.name = 'InterpolationError';
    this.reference = options.reference;
    this.pointer = options.pointer;
    this.names = options.names ?? [];
  }
}

const MAX_DEPTH = 64;
const MAX_TEXT_LENGTH = 5 * 1024 * 1024;
const SHOWN_NAMES = 20;

/**
 * Replaces the references in every string leaf of a value, once.
 *
 * @remarks
 * A string that is exactly one reference takes the type of what it points to;
 * a secret reference then passes through untouched. Inside text, objects
 * become JSON and secrets become markers, see {@link secretToken}. What was
 * put in is never looked at again.
 *
 * @param pointer - Where the value stands, for error messages.
 *
 * @public
 */
export function interpolate(
  value: JsonValue,
  scope: Scope,
  pointer: string = '',
): JsonValue {
  return walk(value, scope, pointer, 0);
}

function walk(
  value: JsonValue,
  scope: Scope,
  pointer: string,
  depth: number,
): JsonValue {
  if (depth > MAX_DEPTH) {
    throw new InterpolationError({
      message: `The value at "${pointer}" is nested deeper than ${MAX_DEPTH} levels.`,
      reference: '',
      pointer,
    });
  }
  if (typeof value === 'string') {
    return interpolateString(value, scope, pointer);
  }
  if (Array.isArray(value)) {
    return value.map((item, i) =>
      walk(item, scope, `${pointer}/${i}`, depth + 1),
    );
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        walk(child, scope, joinJsonPointer(pointer, key), depth + 1),
      ]),
    );
  }
  return value;
}

function interpolateString(
  text: string,
  scope: Scope,
  pointer: string,
): JsonValue {
  refuseMarker(text, pointer);
  if (!text.includes('$')) {
    return text;
  }
  const parts = parseTemplate(text);
  if (parts.length === 1 && parts[0].kind === 'reference') {
    const { value, rest } = resolve(parts[0].reference, scope, pointer);
    if (rest === '') {
      return value;
    }
  }
  let result = '';
  for (const part of parts) {
    if (part.kind === 'text') {
      result += part.text;
    } else if (part.kind === 'broken') {
      throw new InterpolationError({
        message: `${part.problem} Found at "${pointer}".`,
        reference: part.text,
        pointer,
      });
    } else {
      const { value, rest } = resolve(part.reference, scope, pointer);
      if (isDeeperThan(value, MAX_DEPTH)) {
        throw new InterpolationError({
          message: `The value of "${part.reference.raw}" at "${pointer}" is nested deeper than ${MAX_DEPTH} levels, so it cannot become text.`,
          reference: part.reference.raw,
          pointer,
        });
      }
      result += valueToText(value) + rest;
    }
    if (result.length > MAX_TEXT_LENGTH) {
      throw new InterpolationError({
        message: `The text at "${pointer}" grows beyond ${MAX_TEXT_LENGTH} characters when its references are replaced.`,
        reference: text.slice(0, 80),
        pointer,
      });
    }
  }
  return result;
}

function resolve(
  reference: Reference,
  scope: Scope,
  pointer: string,
): { value: JsonValue; rest: string } {
  const resolution = resolvePath(scope, reference.path, reference.braced);
  if (!resolution.found) {
    const { path, braced } = reference;
    const empty = optionalParameter(scope, path, braced);
    if (empty) {
      return { value: empty.value, rest: asWritten(empty.rest) };
    }
    const names = [...resolution.names].sort();
    const shown = names.slice(0, SHOWN_NAMES).map(name => `"${name}"`);
    if (names.length > SHOWN_NAMES) {
      shown.push(`${names.length - SHOWN_NAMES} more`);
    }
    const exist =
      shown.length > 0
        ? `There are: ${shown.join(', ')}.`
        : 'Nothing is there yet.';
    throw new InterpolationError({
      message: `The reference "${reference.raw}" at "${pointer}" has no value in ${resolution.place}. ${exist}`,
      reference: reference.raw,
      pointer,
      names,
    });
  }
  const rest = 'rest' in resolution ? asWritten(resolution.rest) : '';
  return { value: resolution.value, rest };
}

function asWritten(rest: string[]): string {
  return rest.map(segment => `.${segment}`).join('');
}

/**
 * Whoever could write a marker could have any secret put into a text. Values
 * that references bring in may hold markers made here, so only the template
 * is looked at; what comes from outside is checked where it comes in.
 */
function refuseMarker(text: string, pointer: string): void {
  if (containsSecretToken(text)) {
    throw new InterpolationError({
      message: `The text at "${pointer}" looks like a secret marker. Use a reference such as "\${resources.db.password}" instead.`,
      reference: '',
      pointer,
    });
  }
}

/**
 * Writes a value the way it appears inside a text.
 *
 * @public
 */
export function valueToText(value: JsonValue): string {
  if (typeof value === 'string') {
    return value;
  }
  if (isSecretReference(value)) {
    return secretToken(value.$secretRef);
  }
  return JSON.stringify(value, (_key, child) =>
    isSecretReference(child) ? secretToken(child.$secretRef) : child,
  );
}
