import { AnalysisStep } from './types';

type Timed = Pick<AnalysisStep, 'name' | 'dependsOn' | 'seconds'>;

/**
 * The chain of steps that takes longest, by dynamic programming over levels
 * in topological order. Of two equal chains the first by name wins.
 */
export function criticalPath(
  steps: readonly Timed[],
  levels: readonly string[][],
): { path: string[]; seconds: number } {
  const byName = new Map(steps.map(step => [step.name, step]));
  const best = new Map<string, { seconds: number; previous?: string }>();
  let end: string | undefined;
  for (const name of levels.flat()) {
    const step = byName.get(name);
    if (step === undefined) {
      continue;
    }
    let previous: string | undefined;
    for (const dependency of [...step.dependsOn].sort()) {
      const candidate = best.get(dependency);
      if (
        candidate !== undefined &&
        (previous === undefined ||
          candidate.seconds > (best.get(previous)?.seconds ?? 0))
      ) {
        previous = dependency;
      }
    }
    const before = previous === undefined ? 0 : best.get(previous)!.seconds;
    best.set(name, { seconds: before + step.seconds, previous });
    if (
      end === undefined ||
      before + step.seconds > (best.get(end)?.seconds ?? 0)
    ) {
      end = name;
    }
  }
  const seconds = end === undefined ? 0 : best.get(end)!.seconds;
  const path: string[] = [];
  for (let name = end; name !== undefined; name = best.get(name)?.previous) {
    path.unshift(name);
  }
  return { path, seconds };
}
