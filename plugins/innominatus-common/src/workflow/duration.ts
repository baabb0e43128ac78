const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const COMPACT = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;
const COMPACT_PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/g;
const ISO =
  /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const MAX_LENGTH = 64;

/**
 * Reads a duration and answers milliseconds.
 *
 * @remarks
 * Understands `90m`, `1h30m`, `1.5h`, `7d`, `2w`, ISO 8601 such as `PT90M`
 * and `P7D` (no months or years: their length is not fixed), and a number of
 * milliseconds. Answers `undefined` for anything else.
 *
 * @public
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  const text = value.trim();
  if (text === '' || text.length > MAX_LENGTH) {
    return undefined;
  }
  if (/^\d+$/.test(text)) {
    return finite(Number(text));
  }
  if (COMPACT.test(text)) {
    let total = 0;
    for (const [, amount, unit] of text.matchAll(COMPACT_PART)) {
      total += Number(amount) * UNIT_MS[unit];
    }
    return finite(total);
  }
  const iso = ISO.exec(text);
  if (iso === null || text.endsWith('T') || text === 'P') {
    return undefined;
  }
  const units = ['w', 'd', 'h', 'm', 's'];
  return finite(
    units.reduce(
      (sum, unit, i) => sum + Number(iso[i + 1] ?? 0) * UNIT_MS[unit],
      0,
    ),
  );
}

function finite(ms: number): number | undefined {
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined;
}

/**
 * Writes milliseconds the short way, for example `1h30m`. The two largest
 * units are shown unless `exact` is set; {@link parseDuration} reads the
 * result back.
 *
 * @public
 */
export function formatDuration(
  ms: number,
  options: { exact?: boolean } = {},
): string {
  let rest = Math.max(0, Math.round(ms));
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const amount = Math.floor(rest / UNIT_MS[unit]);
    rest -= amount * UNIT_MS[unit];
    if (amount > 0) {
      parts.push(`${amount}${unit}`);
    }
  }
  if (parts.length === 0) {
    return '0s';
  }
  return (options.exact ? parts : parts.slice(0, 2)).join('');
}
