/** Paints text, or leaves it as it is where colors are not wanted. */
export interface Styles {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const plain = (text: string) => text;

const paint = (code: number, end: number) => (text: string) =>
  text === '' ? text : `\u001b[${code}m${text}\u001b[${end}m`;

const PLAIN: Styles = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  cyan: plain,
};

const COLORED: Styles = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
  cyan: paint(36, 39),
};

/** Colors only on a terminal that shows them and for a person who wants them. */
export function wantsColors(
  stream: { isTTY?: boolean },
  options: { env: Record<string, string | undefined>; noColor: boolean },
): boolean {
  const { env, noColor } = options;
  return (
    stream.isTTY === true && !noColor && !env.NO_COLOR && env.TERM !== 'dumb'
  );
}

export function stylesFor(colors: boolean): Styles {
  return colors ? COLORED : PLAIN;
}

const GOOD = new Set([
  'succeeded',
  'active',
  'healthy',
  'ready',
  'create',
  'as recorded',
]);
const BAD = new Set([
  'failed',
  'degraded',
  'unhealthy',
  'error',
  'delete',
  'drifted',
  'missing',
]);
const BUSY = new Set([
  'queued',
  'pending',
  'running',
  'waiting',
  'requested',
  'provisioning',
  'updating',
  'terminating',
  'update',
  'warning',
]);

/** Paints a state or an action by what it means. */
export function paintState(state: string, styles: Styles): string {
  if (GOOD.has(state)) {
    return styles.green(state);
  }
  if (BAD.has(state)) {
    return styles.red(state);
  }
  return BUSY.has(state) ? styles.yellow(state) : styles.dim(state);
}
