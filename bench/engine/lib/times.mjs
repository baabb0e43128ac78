/**
 * One client calls the code of an engine so much less often than fifty do that
 * V8 still compiles it seconds later. A backend runs for days, so the time
 * before that is left out, of every engine alike.
 */
export function timesAt(concurrency, { warmUpMs, windowMs }) {
  return {
    warmUpMs: concurrency === 1 ? warmUpMs.alone : warmUpMs.together,
    windowMs,
  };
}
