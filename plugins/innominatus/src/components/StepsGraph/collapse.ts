import { AnyStatus } from '../../lib/status';
import { GraphStep } from './types';

/** Above this number nobody can read the graph. */
export const MAX_NODES = 60;

/** The state that matters most stands for a whole stage. */
const BY_WEIGHT: AnyStatus[] = [
  'failed',
  'waiting',
  'running',
  'pending',
  'cancelled',
  'succeeded',
  'skipped',
];

export interface CollapseOptions {
  steps: GraphStep[];
  titleOf: (stage: number, count: number) => string;
}

/** One node for each stage, in a row. */
export function collapseByStage(options: CollapseOptions): GraphStep[] {
  const stages = new Map<number, GraphStep[]>();
  for (const step of options.steps) {
    stages.set(step.stage, [...(stages.get(step.stage) ?? []), step]);
  }
  return [...stages.entries()]
    .sort(([a], [b]) => a - b)
    .map(([stage, steps], index, all) => ({
      id: `stage-${stage}`,
      title: options.titleOf(stage + 1, steps.length),
      subtitle: steps
        .slice(0, 3)
        .map(step => step.title)
        .join(', '),
      stage,
      dependsOn: index === 0 ? [] : [`stage-${all[index - 1][0]}`],
      status: BY_WEIGHT.find(status =>
        steps.some(step => step.status === status),
      ),
    }));
}
