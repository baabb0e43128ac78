/** The candidate that a person most likely meant, if any is close enough. */
export function nearest(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = candidate.startsWith(word)
      ? 0.5
      : editDistance(word, candidate);
    if (!best || distance < best.distance) {
      best = { candidate, distance };
    }
  }
  // Two swapped letters count twice.
  const limit = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  return best && best.distance <= limit ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      current[column] = Math.min(
        previous[column] + 1,
        current[column - 1] + 1,
        previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1),
      );
    }
    previous = current;
  }
  return previous[b.length];
}
