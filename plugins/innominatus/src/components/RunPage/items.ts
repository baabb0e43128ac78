import { Run, RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { isTerminal } from '../../lib/status';

/** Items of the steps with `forEach`, by the name of the step. */
export function itemsByStep(run: Run): Map<string, RunStep[]> {
  const items = new Map<string, RunStep[]>();
  for (const step of run.steps) {
    if (step.parent !== undefined) {
      const known = items.get(step.parent);
      if (known) {
        known.push(step);
      } else {
        items.set(step.parent, [step]);
      }
    }
  }
  return items;
}

/** For example `3/5`: how many of the items have ended. */
export function progressOf(items: RunStep[]): string {
  const ended = items.filter(item => isTerminal(item.status)).length;
  return `${ended}/${items.length}`;
}
