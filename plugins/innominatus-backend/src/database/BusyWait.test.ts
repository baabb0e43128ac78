import { BusyWait } from './BusyWait';

/** How often the event loop is gone around while an answer is waited for. */
async function turnsDuring(wait: BusyWait, ms: number): Promise<number> {
  const turns = jest.spyOn(global, 'setImmediate');
  try {
    await wait.during(new Promise(resolve => setTimeout(resolve, ms)));
    return turns.mock.calls.length;
  } finally {
    turns.mockRestore();
  }
}

const settle = () => new Promise(resolve => setTimeout(resolve, 20));

describe('waiting actively', () => {
  it('begins when answers are quick, and ends with the answer', async () => {
    const wait = BusyWait.create({ longestMs: 1_000 });
    expect(await turnsDuring(wait, 1)).toBe(0);
    expect(await turnsDuring(wait, 20)).toBeGreaterThan(1);
    await settle();
    const idle = jest.spyOn(global, 'setImmediate');
    await settle();
    expect(idle).not.toHaveBeenCalled();
    idle.mockRestore();
  });

  it('stops after the longest time, and does not begin again before answers are quick', async () => {
    const wait = BusyWait.create({ longestMs: 15 });
    await wait.during(Promise.resolve());
    const begun = performance.now();
    let sleptAt = 0;
    const answer = wait.during(new Promise(resolve => setTimeout(resolve, 60)));
    const turns = jest.spyOn(global, 'setImmediate');
    turns.mockImplementation(((turn: () => void) => {
      sleptAt = performance.now();
      setTimeout(turn, 0);
    }) as never);
    await answer;
    expect(sleptAt - begun).toBeLessThan(45);
    turns.mockClear();
    await wait.during(Promise.resolve());
    expect(turns).not.toHaveBeenCalled();
    await wait.during(Promise.resolve());
    expect(turns).toHaveBeenCalled();
    turns.mockRestore();
  });

  it('passes failures on', async () => {
    const wait = BusyWait.create({ longestMs: 5 });
    await expect(
      wait.during(Promise.reject(new Error('The disk is full'))),
    ).rejects.toThrow('The disk is full');
  });
});
