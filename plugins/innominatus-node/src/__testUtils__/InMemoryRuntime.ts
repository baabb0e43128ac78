import {
  evolve,
  isRunEnded,
  RunEvent,
  RunState,
  settle,
} from '@innominatus/backstage-plugin-innominatus-common';
import { randomUUID } from 'node:crypto';
import { StepType } from '../stepTypes';
import {
  RuntimeRunView,
  RuntimeTestHarness,
  RuntimeTestRun,
  RuntimeTestSignal,
} from '../testUtils';
import { executeScripted } from './executeScripted';

const FORCE_AFTER_MS = 100;

interface MemoryRun {
  events: RunEvent[];
  state: RunState;
  token: number;
  running: Map<string, AbortController>;
  timer?: NodeJS.Timeout;
}

/** Faults that a runtime may have, for the proof that the suite finds them. */
export type Fault =
  | 'takes a stale outcome'
  | 'forgets its last event in a crash'
  | 'counts shutdowns as losses'
  | 'starts a run of the same id again'
  | 'fires no timers'
  | 'keeps the fencing token';

/** The reducer with as little around it as a runtime can have. */
export class InMemoryRuntime implements RuntimeTestHarness {
  readonly #runs = new Map<string, MemoryRun>();
  readonly #stepTypes: Map<string, StepType>;
  readonly #fault: Fault | undefined;

  static create(options: {
    stepTypes: StepType[];
    fault?: Fault;
  }): InMemoryRuntime {
    return new InMemoryRuntime(options);
  }

  private constructor(options: { stepTypes: StepType[]; fault?: Fault }) {
    this.#stepTypes = new Map(options.stepTypes.map(type => [type.name, type]));
    this.#fault = options.fault;
  }

  async start(run: RuntimeTestRun): Promise<{ id: string }> {
    const { definition, parameters, runId: id = randomUUID() } = run;
    if (
      this.#runs.has(id) &&
      this.#fault !== 'starts a run of the same id again'
    ) {
      return { id };
    }
    const number = this.#runs.size + 1;
    const started: RunEvent = {
      type: 'RunStarted',
      at: Date.now(),
      definition,
      input: { parameters, metadata: {}, run: { id, number } },
    };
    const state = evolve(undefined, started);
    this.#runs.set(id, {
      events: [started],
      state,
      token: 1,
      running: new Map(),
    });
    this.#advance(this.#run(id));
    return { id };
  }

  async signal(runId: string, signal: RuntimeTestSignal): Promise<void> {
    this.#take(this.#run(runId), {
      type: 'Signal',
      at: Date.now(),
      ...signal,
    });
  }

  async view(runId: string): Promise<RuntimeRunView> {
    const { state } = this.#run(runId);
    return { ...state, steps: Object.values(state.steps) };
  }

  async events(runId: string): Promise<RunEvent[]> {
    return [...this.#run(runId).events];
  }

  async killWorkers(): Promise<void> {
    for (const run of this.#runs.values()) {
      if (this.#fault === 'forgets its last event in a crash') {
        run.events = run.events.slice(0, Math.max(1, run.events.length - 1));
      }
      run.state = run.events
        .slice(1)
        .reduce(evolve, evolve(undefined, run.events[0]));
      this.#takeOver(run, false);
    }
  }

  async stallWorkers(): Promise<{ resume(): Promise<void> }> {
    await this.killWorkers();
    return { resume: async () => {} };
  }

  async stopWorkers(): Promise<void> {
    // Steps get a moment to answer before they are told to stop.
    await new Promise(resolve => setTimeout(resolve, 200));
    for (const run of this.#runs.values()) {
      this.#takeOver(run, this.#fault !== 'counts shutdowns as losses');
    }
  }

  async close(): Promise<void> {
    for (const run of this.#runs.values()) {
      clearTimeout(run.timer);
    }
  }

  /** The next worker learns what the one before it had begun. */
  #takeOver(run: MemoryRun, handedOver: boolean): void {
    if (this.#fault !== 'keeps the fencing token') {
      run.token += 1;
    }
    const types = new Map(
      run.state.definition.steps.map(step => [step.name, step.type]),
    );
    const stopped = [...run.running.values()];
    run.running.clear();
    for (const { name, status, attempt } of Object.values(run.state.steps)) {
      if (status === 'running') {
        const type = this.#stepTypes.get(types.get(name) ?? '');
        this.#append(run, {
          type: 'StepLost',
          at: Date.now(),
          step: name,
          attempt,
          action: type?.onInterrupt ?? 'rerun',
          ...(handedOver ? { handedOver } : {}),
        });
      }
    }
    if (handedOver) {
      stopped.forEach(controller => controller.abort(new Error('Shutdown')));
    }
    this.#advance(run);
  }

  #take(run: MemoryRun, event: RunEvent): void {
    this.#append(run, event);
    this.#advance(run);
  }

  #append(run: MemoryRun, event: RunEvent): boolean {
    const next = evolve(run.state, event);
    if (next === run.state) {
      return false;
    }
    run.state = next;
    run.events.push(event);
    return true;
  }

  /** Everything that follows from the state. */
  #advance(run: MemoryRun): void {
    let settled = settle(run.state, Date.now());
    for (;;) {
      run.state = settled.state;
      run.events.push(...settled.events);
      const starts = settled.commands.filter(
        ({ type }) => type === 'StartStep',
      );
      if (!starts.map(command => this.#start(run, command)).includes(true)) {
        break;
      }
      settled = settle(run.state, Date.now());
    }
    for (const command of settled.commands) {
      if (command.type === 'CancelStep') {
        this.#cancel(run, command);
      } else if (command.type === 'FinishRun') {
        const { type: _type, ...result } = command;
        this.#append(run, { type: 'RunFinished', at: Date.now(), ...result });
      }
    }
    this.#setTimer(run);
  }

  #start(
    run: MemoryRun,
    command: ReturnType<typeof settle>['commands'][number],
  ): boolean {
    if (command.type !== 'StartStep') {
      return false;
    }
    const { step, attempt, key, resume } = command;
    const at = Date.now();
    if (!this.#append(run, { type: 'StepStarted', at, step, attempt })) {
      return false;
    }
    const definition = run.state.definition.steps.find(
      ({ name }) => name === step,
    )!;
    const controller = new AbortController();
    run.running.set(step, controller);
    executeScripted({
      state: () => run.state,
      definition,
      stepType: this.#stepTypes.get(definition.type),
      attempt,
      key,
      fencingToken: run.token,
      resumed: resume === 'resume',
      signal: controller.signal,
    }).then(outcome => {
      const current = run.running.get(step) === controller;
      if (current || this.#fault === 'takes a stale outcome') {
        run.running.delete(step);
        this.#take(run, outcome);
      }
    });
    return true;
  }

  #cancel(
    run: MemoryRun,
    command: { step: string; attempt: number; force: boolean },
  ): void {
    const { step, attempt, force } = command;
    const controller = run.running.get(step);
    controller?.abort(new Error('Cancelled'));
    if (force && controller) {
      setTimeout(() => {
        if (run.running.get(step) === controller) {
          run.running.delete(step);
          const error = {
            code: 'CANCEL_FORCED',
            message: 'It did not stop',
            transient: false,
          };
          this.#take(run, {
            type: 'StepFailed',
            at: Date.now(),
            step,
            attempt,
            error,
          });
        }
      }, FORCE_AFTER_MS);
    }
  }

  #setTimer(run: MemoryRun): void {
    clearTimeout(run.timer);
    const next = Math.min(...Object.values(run.state.timers));
    if (
      isRunEnded(run.state) ||
      !Number.isFinite(next) ||
      this.#fault === 'fires no timers'
    ) {
      return;
    }
    run.timer = setTimeout(
      () => {
        const at = Date.now();
        for (const [timer, due] of Object.entries(run.state.timers)) {
          if (due <= at) {
            this.#append(run, { type: 'TimerFired', at, timer });
          }
        }
        this.#advance(run);
      },
      Math.max(0, next - Date.now()),
    );
  }

  #run(id: string): MemoryRun {
    const run = this.#runs.get(id);
    if (!run) {
      throw new Error(`There is no run "${id}"`);
    }
    return run;
  }
}
