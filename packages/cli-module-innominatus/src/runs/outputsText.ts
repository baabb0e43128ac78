import type { JsonValue } from '@innominatus/backstage-plugin-innominatus-common';
import { safeLine } from '../output/text';

/** Names and values; a secret shows only where it is kept. */
export function outputsText(outputs: Record<string, JsonValue>): string[] {
  const names = Object.keys(outputs).map(safeLine);
  const width = Math.max(0, ...names.map(name => name.length));
  const lines = Object.values(outputs).map(
    (value, i) => `  ${names[i].padEnd(width)}  ${safeLine(valueText(value))}`,
  );
  return lines.length > 0 ? ['Outputs', ...lines] : [];
}

function valueText(value: JsonValue): string {
  if (typeof value === 'string') {
    return value;
  }
  const reference = referenceOf(value);
  return reference === undefined
    ? JSON.stringify(value, (_key, child) => referenceOf(child) ?? child)
    : reference;
}

/** Kept apart from the package that knows them all, which takes long to load. */
function referenceOf(value: unknown): string | undefined {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('$secretRef' in value) ||
    typeof value.$secretRef !== 'string'
  ) {
    return undefined;
  }
  return `•••• (secret ${value.$secretRef})`;
}
