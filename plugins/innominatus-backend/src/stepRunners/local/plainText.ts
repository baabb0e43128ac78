const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);

/** Sequences that move the cursor or colour, and those that set titles or links. */
const SEQUENCES = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|[\\]P^_X][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?|[ -/]*[0-Z\\\\^-~])`,
  'g',
);
/** Everything but the tab, and what reorders text. */
const CONTROLS =
  /(?!\t)\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Takes out of a line what would act on the terminal or browser of whoever reads
 * it. Lines of a program are not trusted: they may repeat what a stranger wrote.
 */
export function plainText(line: string): string {
  return line.replace(SEQUENCES, '').replace(CONTROLS, '');
}
