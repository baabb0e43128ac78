import { joinJsonPointer } from '../../diagnostics';
import { JsonValue } from '../../json';
import { parseDuration } from '../duration';
import { Report } from './report';
import { isObject } from './shape';

/** A map of names to texts; numbers and booleans are taken as they are written. */
export function readTexts(
  value: JsonValue | undefined,
  pointer: string,
  key: string,
  report: Report,
): Record<string, string> {
  if (value === undefined || value === null) {
    return {};
  }
  if (!isObject(value)) {
    report.error(
      'WORKFLOW_INVALID',
      pointer,
      `"${key}" must be an object of names and texts.`,
    );
    return {};
  }
  const texts: Array<[string, string]> = [];
  for (const [name, child] of Object.entries(value)) {
    if (
      typeof child === 'string' ||
      typeof child === 'number' ||
      typeof child === 'boolean'
    ) {
      texts.push([name, String(child)]);
    } else {
      report.error(
        'WORKFLOW_INVALID',
        joinJsonPointer(pointer, name),
        `"${name}" in "${key}" must be a text, a number, true or false.`,
      );
    }
  }
  return Object.fromEntries(texts);
}

/** A bare number means seconds here, as it always did in workflow files. */
export function readTimeout(
  value: JsonValue | undefined,
  pointer: string,
  report: Report,
): number | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const bare =
    typeof value === 'number' ||
    (typeof value === 'string' && /^\d+$/.test(value));
  const ms = bare ? Number(value) * 1_000 : parseDuration(value);
  if (ms === undefined || !Number.isSafeInteger(ms) || ms <= 0) {
    report.error(
      'WORKFLOW_DURATION',
      pointer,
      `The timeout ${JSON.stringify(value)} is not a duration. Write for example "90s", "30m" or "1h30m".`,
    );
    return undefined;
  }
  if (bare) {
    report.info(
      'WORKFLOW_LEGACY_FORM',
      pointer,
      `A timeout without a unit is read as seconds. The canonical form is "${value}s".`,
    );
  }
  return ms;
}
