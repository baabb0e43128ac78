const ESCAPE_SEQUENCES = new RegExp(
  [
    '\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?',
    '\\u001b\\[[0-?]*[ -/]*[@-~]',
    '\\u001b[@-Z\\\\-_]',
  ].join('|'),
  'g',
);

// Keeps tab and line feed. Bidirectional controls can disguise text too.
const CONTROL_CHARACTERS = /[^\P{Cc}\t\n]|\p{Bidi_Control}/gu;

/**
 * Text from outside, safe for a terminal: escape sequences in a log line or a
 * name could otherwise rewrite what a person sees.
 */
export function safeText(text: string): string {
  return text.replace(ESCAPE_SEQUENCES, '').replace(CONTROL_CHARACTERS, '');
}

/** Safe and on one line, for cells of a table. */
export function safeLine(text: string): string {
  return safeText(text).replace(/\s+/g, ' ').trim();
}

/** `1 step`, `2 steps`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
