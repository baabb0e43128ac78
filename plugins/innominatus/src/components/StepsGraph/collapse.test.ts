import { collapseByStage } from './collapse';
import { GraphStep } from './types';

function step(
  id: string,
  stage: number,
  status: GraphStep['status'],
): GraphStep {
  return { id, title: id, subtitle: '', stage, status, dependsOn: [] };
}

describe('collapseByStage', () => {
  it('makes a row of stages, each with the state that matters most', () => {
    const stages = collapseByStage({
      steps: [
        step('c', 1, 'pending'),
        step('a', 0, 'succeeded'),
        step('b', 0, 'failed'),
      ],
      titleOf: (stage, count) => `Stage ${stage}: ${count}`,
    });

    expect(stages).toEqual([
      expect.objectContaining({
        id: 'stage-0',
        title: 'Stage 1: 2',
        status: 'failed',
        dependsOn: [],
      }),
      expect.objectContaining({
        id: 'stage-1',
        title: 'Stage 2: 1',
        status: 'pending',
        dependsOn: ['stage-0'],
      }),
    ]);
  });
});
