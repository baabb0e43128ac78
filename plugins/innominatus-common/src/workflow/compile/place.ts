import { ReadStep } from './readStep';

/** What can be referred to from one place. */
export interface Place {
  /** For messages, for example `step "deploy"`. */
  label: string;
  env: ReadonlySet<string>;
  /** Names of the steps that have ended for certain. */
  before: ReadonlySet<string>;
  /** What `item` and `index` mean here. */
  each: 'known' | 'notYet' | 'outside';
}

/** Names of the steps that have ended for certain before each step. */
export function upstreamOf(steps: ReadStep[]): Map<string, Set<string>> {
  const byName = new Map(
    steps.map(step => [step.definition.name, step.definition]),
  );
  const main = steps
    .filter(s => !s.definition.finally)
    .map(s => s.definition.name);
  const known = new Map<string, Set<string>>();
  const visit = (name: string): Set<string> => {
    const seen = known.get(name);
    if (seen) {
      return seen;
    }
    const definition = byName.get(name);
    const before = new Set<string>(definition?.finally ? main : []);
    known.set(name, before);
    for (const dependency of definition?.dependsOn ?? []) {
      before.add(dependency);
      visit(dependency).forEach(earlier => before.add(earlier));
    }
    return before;
  };
  steps.forEach(step => visit(step.definition.name));
  return known;
}
