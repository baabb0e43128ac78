import fc from 'fast-check';
import { RunEvent, StepDefinition, WorkflowDefinition } from '../../types';
import { isRunEnded } from '../status';
import { input, makeStep, makeWorkflow, TestRun } from '../testDriver';

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
export const PEOPLE = ['ada', 'bob', 'cyd', 'eve'];

/** Any graph without cycles: a step depends on earlier steps only. */
export const definitions: fc.Arbitrary<WorkflowDefinition> = fc
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
export const choices = fc.array(fc.nat(), { maxLength: 80 });

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
        { type: 'StepWaits', ...about, wait: { message: 'It waits.' } },
        {
          type: 'StepWaits',
          ...about,
          wait: { message: 'w', lookAfterMs: 100, expiresAfterMs: 2_000 },
        },
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
  for (const { name } of Object.values(run.state.steps)) {
    const id = `wake${name}${run.journal.length}`;
    events.push({ type: 'Signal', at, id, kind: 'wake', step: name, by: 'it' });
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

export function play(
  definition: WorkflowDefinition,
  picks: number[],
  check?: (run: TestRun, event: RunEvent) => void,
  run = new TestRun(definition, { ...input, initiator: PEOPLE[0] }),
) {
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
export function drain(run: TestRun): void {
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
      } else if (waiting?.kind === 'outside') {
        run.signal('wake', { step: name });
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
