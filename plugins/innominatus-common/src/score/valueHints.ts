import { JsonValue } from '../json';

/**
 * What a person could do about a value of the wrong type or form.
 */
export function hintsForValue(options: {
  /** Last key of the path. */
  key: string;
  path: readonly PropertyKey[];
  value: JsonValue;
  /** What is expected, as the schema library calls it. */
  expected: string;
  /** The value as it stands in the text. */
  written?: string;
}): string[] {
  const { key, value, expected, path } = options;
  if (value === null) {
    return hintsForNothing(key, expected, path);
  }
  // The text of an alias is its name, not its value.
  const written = options.written?.startsWith('*')
    ? JSON.stringify(value)
    : (options.written ?? JSON.stringify(value));
  const before = typeof path[path.length - 1] === 'number' ? '- ' : `${key}: `;
  if (expected === 'string') {
    if (typeof value === 'number' || typeof value === 'boolean') {
      return key === 'memory'
        ? [`Quote it and name the unit: memory: "${written}Mi".`]
        : [`Quote it: ${before}"${written}".`];
    }
    if (Array.isArray(value)) {
      return [
        key === 'content'
          ? 'Write one text; "|" starts a text of several lines.'
          : `Write "${key}" as one text.`,
      ];
    }
    return [`Write "${key}" as text; quote it if it starts with "{" or "[".`];
  }
  if (expected === 'number' || expected === 'int') {
    if (typeof value === 'string' && /^\d+$/.test(value)) {
      return [`Write the number without quotes: ${key}: ${value}.`];
    }
    return typeof value === 'string' && key === 'port'
      ? [
          `Write the number of the port instead of "${value}"; Score does not know named ports here.`,
        ]
      : [`Write a whole number, for example ${key}: 8080.`];
  }
  if (expected === 'boolean') {
    return [`Write ${key}: true or ${key}: false, without quotes.`];
  }
  if (expected === 'array') {
    return typeof value === 'string'
      ? [`Write a list: ${key}: [${JSON.stringify(value)}].`]
      : [
          `Write "${key}" as a list, each item on a line that starts with "- ".`,
        ];
  }
  return [`Write "${key}" as a map of keys and values.`];
}

function hintsForNothing(
  key: string,
  expected: string,
  path: readonly PropertyKey[],
): string[] {
  if (key === 'image') {
    return [
      'Write image: . when the image is given at deploy.',
      'Write the image, for example image: ghcr.io/acme/shop:1.4.2.',
    ];
  }
  if (expected === 'object' || expected === 'record') {
    return path.length === 2 && path[0] === 'containers'
      ? [`Indent the entries of "${key}" below it, at least its image.`]
      : [`Delete "${key}", or indent its entries below it.`];
  }
  return path.includes('variables')
    ? [`Give "${key}" a value; an empty text is "".`, `Delete "${key}".`]
    : [`Give "${key}" a value, or delete it.`];
}

/**
 * What a person could write instead of a text that does not fit its form.
 */
export function hintsForFormat(options: {
  key: string;
  value: string;
  isLabel: boolean;
}): string[] {
  const { key, value } = options;
  if (key === 'memory') {
    return memoryHints(value);
  }
  if (key === 'cpu') {
    return ['Write an amount such as "2", "0.25" or "250m".'];
  }
  if (key === 'mode') {
    return ['Write three octal digits, for example "0644".'];
  }
  if (options.isLabel) {
    const name = suggestLabel(value);
    return [
      name === undefined ? 'Write a name such as "shop".' : `Write "${name}".`,
    ];
  }
  return [`Change "${key}" to fit.`];
}

function memoryHints(value: string): string[] {
  const amount = /^(\d+(?:\.\d+)?)\s*([kmgtpe])i?b?$/i.exec(value);
  if (amount) {
    const [, number, unit] = amount;
    return [
      `Write "${number}${unit.toUpperCase()}i" for powers of 1024.`,
      `Write "${number}${unit.toUpperCase()}" for powers of 1000.`,
    ];
  }
  return ['Write an amount such as "128M" or "1.5Gi".'];
}

/**
 * The nearest name of 2 to 63 characters `a-z`, `0-9` and `-`.
 */
export function suggestLabel(value: string): string | undefined {
  const name = value
    .slice(0, 256)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return name.length >= 2 && name !== value ? name : undefined;
}
