const MAX_NAME_LENGTH = 100;
const MAX_CANDIDATES = 500;

/**
 * The candidates that a mistyped name most likely stands for, best first.
 *
 * @remarks
 *
 * Letter case and the separators `-`, `_` and `.` do not count, so `read_only`
 * finds `readOnly`. Work is bounded, as names come from files of strangers.
 *
 * @public
 */
export function nearestNames(
  name: string,
  candidates: Iterable<string>,
  limit: number = 3,
): string[] {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH) {
    return [];
  }
  const wanted = normalise(name);
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const scored: Array<{ candidate: string; distance: number }> = [];
  let seen = 0;
  for (const candidate of candidates) {
    seen += 1;
    if (seen > MAX_CANDIDATES) {
      break;
    }
    if (candidate.length > MAX_NAME_LENGTH) {
      continue;
    }
    const other = normalise(candidate);
    if (Math.abs(other.length - wanted.length) > allowed) {
      continue;
    }
    const distance = levenshtein(wanted, other);
    if (distance <= allowed) {
      scored.push({ candidate, distance });
    }
  }
  return scored
    .sort(
      (a, b) =>
        a.distance - b.distance || compareText(a.candidate, b.candidate),
    )
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '');
}

function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

// Levenshtein distance in which two swapped neighbours count as one mistake.
function levenshtein(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min(
        previous[column] + 1,
        current[column - 1] + 1,
        previous[column - 1] + cost,
      );
      if (
        row > 1 &&
        column > 1 &&
        a[row - 1] === b[column - 2] &&
        a[row - 2] === b[column - 1]
      ) {
        distance = Math.min(distance, beforePrevious[column - 2] + 1);
      }
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length];
}
