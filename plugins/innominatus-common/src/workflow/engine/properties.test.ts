import fc from 'fast-check';
import { RunEvent, RunState } from '../types';
import { carryOver } from './carryOver';
import { decide } from './decide';
import { evolve } from './evolve';
import { isAtWork, isRunEnded, isStepEnded } from './status';
import { makeWorkflow, TestRun } from './testDriver';
import {
  PEOPLE,
  choices,
  definitions,
  drain,
  play,
} from './__testUtils__/randomRuns';

describe('a run, whatever happens in whatever order,', () => {
  it('comes to an end in which every step has ended', () => {
    fc.assert(
      fc.property(definitions, choices, (definition, picks) => {
        const run = play(definition, picks);
        drain(run);
        expect(isRunEnded(run.state)).toBe(true);
        expect(Object.values(run.state.steps).every(isStepEnded)).toBe(true);
        expect(run.state.timers).toEqual({});
        expect(decide(run.state)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('is the same when its journal is replayed, also after a round trip through JSON', () => {
    fc.assert(
      fc.property(definitions, choices, (definition, picks) => {
        const run = play(definition, picks);
        const journal = JSON.parse(JSON.stringify(run.journal)) as RunEvent[];
        const replayed = journal.reduce<RunState | undefined>(
          evolve,
          undefined,
        );
        expect(replayed).toEqual(run.state);
        expect(decide(replayed!)).toEqual(decide(run.state));
      }),
      { numRuns: 300 },
    );
  });

  it('can be continued from a stored state', () => {
    fc.assert(
      fc.property(definitions, choices, (definition, picks) => {
        const run = play(definition, picks);
        const stored = JSON.parse(JSON.stringify(run.state)) as RunState;
        expect(decide(stored)).toEqual(decide(run.state));
      }),
      { numRuns: 200 },
    );
  });

  it('never starts a step before what it depends on has ended, nor beyond its limits', () => {
    fc.assert(
      fc.property(definitions, choices, (definition, picks) => {
        const run = play(definition, picks, current => {
          const running = Object.values(current.state.steps).filter(isAtWork);
          const most = definition.maxParallel ?? Infinity;
          expect(running.length + current.starts.length).toBeLessThanOrEqual(
            Math.max(most, running.length),
          );
          for (const { name, forEach, children = [] } of current.state
            .definition.steps) {
            const atOnce = running.filter(s => children.includes(s.name));
            const starting = current.starts.filter(s => children.includes(s));
            expect(atOnce.length + starting.length).toBeLessThanOrEqual(
              Math.max(forEach?.maxParallel ?? Infinity, atOnce.length),
            );
            expect(
              !current.state.steps[name].expanded ||
                isStepEnded(current.state.steps[name]) ===
                  children.every(s => isStepEnded(current.state.steps[s])),
            ).toBe(true);
          }
          for (const name of [
            ...current.starts,
            ...running.map(step => step.name),
          ]) {
            const { steps } = current.state.definition;
            const step = steps.find(s => s.name === name)!;
            for (const dependency of step.dependsOn) {
              expect(isStepEnded(current.state.steps[dependency])).toBe(true);
            }
            const before = steps.filter(s => step.finally && !s.finally);
            expect(
              before.every(s => isStepEnded(current.state.steps[s.name])),
            ).toBe(true);
            expect(current.state.steps[name].attempt).toBeLessThanOrEqual(
              step.retry.attempts,
            );
          }
        });
        expect(run.journal.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('can be retried from every end, and ends again', () => {
    fc.assert(
      fc.property(definitions, choices, (definition, picks) => {
        const run = play(definition, picks);
        run.signal('resume').signal('cancel').signal('cancel');
        for (const { name } of Object.values(run.state.steps)) {
          run.fail(name);
        }
        expect(isRunEnded(run.state)).toBe(true);
        const again = carryOver(run.state);
        const next = new TestRun(again.definition, undefined, again.carried);
        for (const name of again.kept) {
          expect(next.state.steps[name].carried).toBe(true);
        }
        drain(next);
        expect(isRunEnded(next.state)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('never runs a finished step again', () => {
    fc.assert(
      fc.property(definitions, choices, (definition, picks) => {
        let state: RunState | undefined;
        const run = play(definition, picks);
        for (const event of run.journal) {
          const next = evolve(state, event);
          for (const step of Object.values(state?.steps ?? {}).filter(
            isStepEnded,
          )) {
            expect(next.steps[step.name]).toBe(step);
          }
          state = next;
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('approvals, whatever is answered by whom,', () => {
  it('are given only by enough different people who may', () => {
    fc.assert(
      fc.property(definitions, choices, (definition, picks) => {
        const run = play(definition, picks);
        const begun = definition.steps.filter(
          step =>
            step.when === 'manual' && run.state.steps[step.name].attempt > 0,
        );
        for (const { name, approval } of begun) {
          const by = run.state.steps[name].approved?.by ?? [];
          expect(new Set(by).size).toBe(by.length);
          expect(by.length).toBeGreaterThanOrEqual(approval!.quorum);
          expect(approval!.allowRequester || !by.includes(PEOPLE[0])).toBe(
            true,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are rejected by one, and closed with their step', () => {
    fc.assert(
      fc.property(definitions, choices, (definition, picks) => {
        const run = play(definition, picks);
        for (const { status, approval } of Object.values(run.state.steps)) {
          const decisions = approval?.decisions ?? [];
          expect(decisions.some(one => one.decision === 'reject')).toBe(
            approval?.state === 'rejected',
          );
          expect(status === 'waiting' || approval?.state !== 'pending').toBe(
            true,
          );
          const end = approval?.expiresAt ?? Infinity;
          expect(decisions.every(one => one.at < end)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('with 1000 steps', () => {
  const wide = makeWorkflow(
    Array.from({ length: 1_000 }, (_, i) => ({
      name: `s${i}`,
      dependsOn:
        i < 500
          ? []
          : Array.from({ length: 20 }, (__, d) => `s${(i * 7 + d) % 500}`),
    })),
  );

  /** The best of many: what else the machine does must not decide. */
  function bestOf(times: number, work: (i: number) => void): number {
    return Math.min(
      ...Array.from({ length: times }, (_, i) => {
        const started = performance.now();
        work(i);
        return performance.now() - started;
      }),
    );
  }

  it('decide and evolve each take less than 5 ms', () => {
    const run = new TestRun(wide);
    expect(bestOf(50, () => decide(run.state))).toBeLessThan(5);
    let { state } = run;
    const evolveMs = bestOf(200, i => {
      state = evolve(state, {
        type: 'StepStarted',
        at: 2,
        step: `s${i}`,
        attempt: 1,
      });
    });
    expect(evolveMs).toBeLessThan(5);
  });

  it('a failure at the top of a chain is settled in one go', () => {
    const chain = makeWorkflow(
      Array.from({ length: 1_000 }, (_, i) => ({ name: `s${i}` })),
    );
    const run = new TestRun(chain);
    run.start('s0').fail('s0');
    expect(run.state.status).toBe('failed');
  });
});
