const LITERAL_WORDS = new Set([
  'true',
  'false',
  'yes',
  'no',
  'on',
  'off',
  'null',
]);

export const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A bare word that means itself also when it stands alone. */
export function isLiteralWord(text: string): boolean {
  return LITERAL_WORDS.has(text.toLowerCase()) || NUMBER.test(text);
}
