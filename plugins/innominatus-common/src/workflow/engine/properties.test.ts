import fc from 'fast-check';
import {
  RunEvent,
  RunState,
  StepDefinition,
  WorkflowDefinition,
} from '../types';
import { previewRetry } from './carryOver';
import { decide } from './decide';
import { evolve } from './evolve';
import { isAtWork, isRunEnded, isStepEnded } from './status';
import { input, makeStep, makeWorkflow, TestRun } from './testDriver';

const CONDITIONS = [
  undefined,
  undefined,
  undefined,
  'false',
  '$FLAG',
  's0.failed',
  'not s0.skipped',
];

const stepShape = fc.record({
  dependencies: fc.array(fc.nat({ max: 20 }), { maxLength: 3 }),
  when: fc.constantFrom<StepDefinition['when']>(
    'on_success',
    'on_success',
    'always',
    'on_failure',
    'manual',
  ),
  condition: fc.constantFrom(...CONDITIONS),
  attempts: fc.integer({ min: 1, max: 3 }),
  isFinally: fc.boolean(),
  items: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    [],
    ['a', 'b', 'c'],
    { left: 1, right: '${FLAG}' },
    '${FLAG}',
  ),
  itemsAtOnce: fc.constantFrom(undefined, 1, 2),
  approval: fc.record({
    quorum: fc.integer({ min: 1, max: 3 }),
    allowRequester: fc.boolean(),
    reasonRequired: fc.constant(false),
    expiresAfterMs: fc.constantFrom(undefined, 5_000),
  }),
});

/** The first of them started the run. */
const PEOPLE = ['ada', 'bob', 'cyd', 'eve'];

/** Any graph without cycles: a step depends on earlier steps only. */
const definitions: fc.Arbitrary<WorkflowDefinition> = fc
  .record({
    shapes: fc.array(stepShape, { minLength: 1, maxLength: 12 }),
    finallyFrom: fc.integer({ min: 1, max: 14 }),
    maxParallel: fc.constantFrom(undefined, 1, 2),
    flag: fc.constantFrom('', 'yes'),
  })
  .map(({ shapes, finallyFrom, maxParallel, flag }) => ({
    ...makeWorkflow([], { maxParallel, variables: { FLAG: flag } }),
    steps: shapes.map((shape, i) => {
      const isFinally = i >= finallyFrom;
      const first = isFinally ? finallyFrom : 0;
      const dependencies =
        i === first
          ? []
          : shape.dependencies.map(d => first + (d % (i - first)));
      return makeStep({
        name: `s${i}`,
        when: shape.when,
        ...(shape.when === 'manual' ? { approval: shape.approval } : {}),
        if: shape.condition,
        finally: isFinally || undefined,
        forEach:
          shape.items === undefined
            ? undefined
            : {
                items: shape.items,
                maxItems: 3,
                maxParallel: shape.itemsAtOnce,
              },
        dependsOn: [...new Set(dependencies)].map(d => `s${d}`),
        retry: {
          attempts: shape.attempts,
          backoff: { initialMs: 10, factor: 2, maxMs: 1_000, jitter: 0.2 },
        },
      });
    }),
  }));

/** Each number picks one of the things that can happen at that moment. */
const choices = fc.array(fc.nat(), { maxLength: 80 });

function possibleEvents(run: TestRun): RunEvent[] {
  const at = run.now + 7;
  const events: RunEvent[] = [];
  for (const command of run.commands) {
    if (command.type === 'StartStep') {
      events.push({
        type: 'StepStarted',
        at,
        step: command.step,
        attempt: command.attempt,
      });
    } else if (command.type === 'SetTimer') {
      events.push({
        type: 'TimerFired',
        at: Math.max(at, command.at),
        timer: command.timer,
      });
    }
  }
  for (const { name, status, attempt } of Object.values(run.state.steps)) {
    const about = { at, step: name, attempt };
    if (status === 'running') {
      const error = { code: 'E', message: 'm', transient: attempt % 2 === 1 };
      events.push(
        {
          type: 'StepSucceeded',
          ...about,
          outputs: { n: 1 },
          variables: { FLAG: name },
        },
        { type: 'StepFailed', ...about, error },
        { type: 'StepLost', ...about, action: 'resume' },
        { type: 'StepLost', ...about, action: 'rerun' },
        { type: 'StepLost', ...about, action: 'hold' },
      );
    } else if (status === 'waiting') {
      for (const by of PEOPLE) {
        const asked = { type: 'Signal', at, step: name, by } as const;
        events.push(
          { ...asked, id: `a${by}${run.journal.length}`, kind: 'approve' },
          { ...asked, id: `r${by}${run.journal.length}`, kind: 'reject' },
        );
      }
    }
  }
  for (const kind of ['cancel', 'pause', 'resume'] as const) {
    events.push({
      type: 'Signal',
      at,
      id: `${kind}${run.journal.length}`,
      kind,
      by: 'ada',
    });
  }
  // Delivery is at least once: whatever was, may come again.
  events.push(...run.journal.slice(-3));
  return events;
}

function play(
  definition: WorkflowDefinition,
  picks: number[],
  check?: (run: TestRun, event: RunEvent) => void,
) {
  const run = new TestRun(definition, {
    ...input,
    initiator: PEOPLE[0],
  });
  for (const pick of picks) {
    const events = possibleEvents(run);
    if (isRunEnded(run.state)) {
      break;
    }
    const event = events[pick % events.length];
    check?.(run, event);
    run.now = Math.max(run.now, event.at);
    run.apply(event);
  }
  return run;
}

/** From here on the world is kind: everything that is asked for happens. */
function drain(run: TestRun): void {
  for (let i = 0; i < 500 && !isRunEnded(run.state); i++) {
    if (run.state.paused) {
      run.signal('resume');
    }
    for (const step of run.starts) {
      const { attempt, interrupted } = run.state.steps[step];
      run.start(step, interrupted ? attempt : attempt + 1);
    }
    for (const { name, status, waiting } of Object.values(run.state.steps)) {
      if (status === 'running') {
        run.succeed(name);
      } else if (waiting?.kind === 'retry') {
        run.fire(`retry/${name}/${run.state.steps[name].attempt}`);
      } else if (waiting?.kind === 'approval' || waiting?.kind === 'person') {
        for (const by of PEOPLE) {
          run.signal('approve', { step: name, by });
        }
        const timer = `approval/${name}/0`;
        if (run.state.timers[timer] <= run.now) {
          run.fire(timer);
        }
      }
    }
  }
}

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
        const again = previewRetry(run.state);
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
