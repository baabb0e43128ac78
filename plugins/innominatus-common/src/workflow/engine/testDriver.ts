import {
  CarriedSteps,
  OutsideWait,
  RunCommand,
  RunEvent,
  RunInput,
  RunState,
  StepDefinition,
  WorkflowDefinition,
} from '../types';
import { evolve } from './evolve';
import { settle } from './settle';

export const input: RunInput = {
  parameters: {},
  metadata: { name: 'shop' },
  run: { id: 'run-1', number: 1 },
};

export function makeStep(
  patch: Partial<StepDefinition> & { name: string },
): StepDefinition {
  return {
    type: 'simulate',
    stage: 0,
    dependsOn: [],
    when: patch.finally ? 'always' : 'on_success',
    env: {},
    config: {},
    setVariables: {},
    timeoutMs: 30 * 60_000,
    retry: {
      attempts: 1,
      backoff: { initialMs: 1_000, factor: 2, maxMs: 60_000, jitter: 0.2 },
    },
    ...patch,
  };
}

/** Steps without `dependsOn` of their own wait for the one before. */
export function makeWorkflow(
  steps: Array<Partial<StepDefinition> & { name: string }>,
  patch: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return {
    name: 'test',
    variables: {},
    outputs: {},
    timeoutMs: 2 * 3_600_000,
    steps: steps.map((step, i) =>
      makeStep({
        dependsOn:
          i === 0 || step.finally !== steps[i - 1].finally
            ? []
            : [steps[i - 1].name],
        ...step,
      }),
    ),
    ...patch,
  };
}

/** Plays the host: appends events, settles, and keeps the journal. */
export class TestRun {
  state: RunState;
  commands: RunCommand[] = [];
  readonly journal: RunEvent[] = [];
  now = 1_000_000;

  constructor(
    definition: WorkflowDefinition,
    runInput: RunInput = input,
    carried?: CarriedSteps,
  ) {
    const started: RunEvent = {
      type: 'RunStarted',
      at: this.now,
      definition,
      input: runInput,
      ...(carried ? { carried } : {}),
    };
    this.state = evolve(undefined, started);
    this.journal.push(started);
    this.#settle();
  }

  apply(event: RunEvent): this {
    this.state = evolve(this.state, event);
    this.journal.push(event);
    this.#settle();
    return this;
  }

  #settle(): void {
    const settled = settle(this.state, this.now);
    this.state = settled.state;
    this.journal.push(...settled.events);
    this.commands = settled.commands;
    const finish = this.commands.find(command => command.type === 'FinishRun');
    if (finish) {
      const { type: _type, ...rest } = finish;
      const event: RunEvent = { type: 'RunFinished', at: this.now, ...rest };
      this.state = evolve(this.state, event);
      this.journal.push(event);
      this.commands = [];
    }
  }

  tick(ms: number = 1): this {
    this.now += ms;
    return this;
  }

  /** Names of the steps that should be started now. */
  get starts(): string[] {
    return this.commands.flatMap(c => (c.type === 'StartStep' ? [c.step] : []));
  }

  get cancels(): Array<{ step: string; force: boolean }> {
    return this.commands.flatMap(c =>
      c.type === 'CancelStep' ? [{ step: c.step, force: c.force }] : [],
    );
  }

  status(step: string): string {
    return this.state.steps[step].status;
  }

  start(
    step: string,
    attempt: number = this.state.steps[step].attempt + 1,
  ): this {
    return this.tick().apply({
      type: 'StepStarted',
      at: this.now,
      step,
      attempt,
    });
  }

  succeed(
    step: string,
    patch: Partial<Extract<RunEvent, { type: 'StepSucceeded' }>> = {},
  ): this {
    const { attempt } = this.state.steps[step];
    return this.tick().apply({
      type: 'StepSucceeded',
      at: this.now,
      step,
      attempt,
      outputs: {},
      ...patch,
    });
  }

  fail(step: string, error: { code?: string; transient?: boolean } = {}): this {
    const { attempt } = this.state.steps[step];
    return this.tick().apply({
      type: 'StepFailed',
      at: this.now,
      step,
      attempt,
      error: {
        code: 'BROKEN',
        message: 'It broke.',
        transient: false,
        ...error,
      },
    });
  }

  /** Ends the turn of a step that waits for something outside. */
  wait(step: string, wait: Partial<OutsideWait> = {}): this {
    return this.tick().apply({
      type: 'StepWaits',
      at: this.now,
      step,
      attempt: this.state.steps[step].attempt,
      wait: { message: 'It waits.', ...wait },
    });
  }

  /** Starts the next turn of a step, in the attempt that it is in. */
  carryOn(step: string): this {
    return this.start(step, this.state.steps[step].attempt);
  }

  run(
    step: string,
    outputs: Extract<RunEvent, { type: 'StepSucceeded' }>['outputs'] = {},
  ): this {
    return this.start(step).succeed(step, { outputs });
  }

  signal(
    kind: Extract<RunEvent, { type: 'Signal' }>['kind'],
    patch: Partial<
      Omit<Extract<RunEvent, { type: 'Signal' }>, 'type' | 'kind' | 'at'>
    > = {},
  ): this {
    return this.tick().apply({
      type: 'Signal',
      at: this.now,
      id: `signal-${this.journal.length}`,
      kind,
      by: 'user:default/ada',
      ...patch,
    });
  }

  fire(timer: string): this {
    const due = this.state.timers[timer] ?? this.now;
    this.now = Math.max(this.now, due);
    return this.apply({ type: 'TimerFired', at: this.now, timer });
  }
}
