import { GraphStep } from './types';

export type Direction = 'left' | 'right' | 'up' | 'down';

const KEYS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export function directionOf(key: string): Direction | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

/**
 * The step an arrow key leads to: left and right follow the dependencies, up
 * and down stay in the stage.
 */
export function neighbourOf(
  steps: GraphStep[],
  id: string,
  direction: Direction,
): string | undefined {
  const step = steps.find(candidate => candidate.id === id);
  if (!step) {
    return undefined;
  }
  switch (direction) {
    case 'left':
      return step.dependsOn[0];
    case 'right':
      return steps.find(candidate => candidate.dependsOn.includes(id))?.id;
    default: {
      const stage = steps.filter(candidate => candidate.stage === step.stage);
      const index = stage.indexOf(step) + (direction === 'down' ? 1 : -1);
      return stage[index]?.id;
    }
  }
}
