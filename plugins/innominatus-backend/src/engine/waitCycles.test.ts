import { findStuck, WaitingRun } from './waitCycles';

function waiting(
  id: string,
  group: string,
  options: { above: string[]; max?: number },
): WaitingRun {
  const { above, max = 1 } = options;
  return { id, number: Number(id.slice(1)), group, max, above };
}

const held = (group: string, runId: string) => ({
  group,
  runId,
  number: Number(runId.slice(1)),
});

const ids = (runs: WaitingRun[]) => runs.map(run => run.id);

describe('findStuck', () => {
  it('finds two runs whose nested runs want what the other one holds', () => {
    const found = findStuck(
      [
        waiting('r3', 'B', { above: ['r1'] }),
        waiting('r4', 'A', { above: ['r2'] }),
      ],
      [held('A', 'r1'), held('B', 'r2')],
    );
    expect(ids(found)).toEqual(['r3', 'r4']);
  });

  it('finds a circle of three, through several levels, and who waits for it', () => {
    const found = findStuck(
      [
        waiting('r4', 'B', { above: ['r11', 'r1'] }),
        waiting('r5', 'C', { above: ['r2'] }),
        waiting('r6', 'A', { above: ['r3'] }),
        waiting('r7', 'A', { above: ['r8'] }),
      ],
      [held('A', 'r1'), held('B', 'r2'), held('C', 'r3')],
    );
    expect(ids(found)).toEqual(['r4', 'r5', 'r6', 'r7']);
  });

  it('knows a way out when one slot is held by a run that goes on', () => {
    const found = findStuck(
      [
        waiting('r3', 'B', { above: ['r1'], max: 2 }),
        waiting('r4', 'A', { above: ['r2'] }),
      ],
      [held('A', 'r1'), held('B', 'r2'), held('B', 'r9')],
    );
    expect(found).toEqual([]);
  });

  it('knows a way out when a slot is free, and will be taken soon', () => {
    const found = findStuck(
      [
        waiting('r3', 'B', { above: ['r1'], max: 2 }),
        waiting('r4', 'A', { above: ['r2'] }),
      ],
      [held('A', 'r1'), held('B', 'r2')],
    );
    expect(found).toEqual([]);
  });

  it('leaves a chain without a circle alone', () => {
    const found = findStuck(
      [
        waiting('r3', 'B', { above: ['r1'] }),
        waiting('r4', 'C', { above: ['r2'] }),
      ],
      [held('A', 'r1'), held('B', 'r2'), held('C', 'r5')],
    );
    expect(found).toEqual([]);
  });

  it('does not blame a nested run that holds the lock and is at work', () => {
    // r5, nested in r2 as r4 is, will give "B" back.
    const found = findStuck(
      [
        waiting('r3', 'B', { above: ['r1'] }),
        waiting('r4', 'A', { above: ['r2'] }),
      ],
      [held('A', 'r1'), held('B', 'r5')],
    );
    expect(found).toEqual([]);
  });
});
