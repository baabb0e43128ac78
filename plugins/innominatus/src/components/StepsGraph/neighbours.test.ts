import { directionOf, neighbourOf } from './neighbours';
import { GraphStep } from './types';

function step(id: string, stage: number, dependsOn: string[] = []): GraphStep {
  return { id, title: id, subtitle: '', stage, dependsOn };
}

const STEPS = [
  step('db', 0),
  step('cache', 0),
  step('render', 1, ['db', 'cache']),
  step('apply', 2, ['render']),
];

describe('neighbourOf', () => {
  it('follows the dependencies to the left and right', () => {
    expect(neighbourOf(STEPS, 'render', 'left')).toBe('db');
    expect(neighbourOf(STEPS, 'render', 'right')).toBe('apply');
  });

  it('moves within the stage up and down', () => {
    expect(neighbourOf(STEPS, 'db', 'down')).toBe('cache');
    expect(neighbourOf(STEPS, 'cache', 'up')).toBe('db');
  });

  it('stays where it is at the edges', () => {
    expect(neighbourOf(STEPS, 'apply', 'right')).toBeUndefined();
    expect(neighbourOf(STEPS, 'db', 'up')).toBeUndefined();
    expect(neighbourOf(STEPS, 'gone', 'left')).toBeUndefined();
  });
});

describe('directionOf', () => {
  it('knows the arrow keys and nothing else', () => {
    expect(directionOf('ArrowLeft')).toBe('left');
    expect(directionOf('Enter')).toBeUndefined();
    expect(directionOf('toString')).toBeUndefined();
  });
});
