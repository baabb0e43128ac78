import {
  evolve,
  isRunEnded,
  JsonValue,
  RunEvent,
  RunState,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ContractStep, contractWorkflow } from './contractWorkflow';
import { aborted, createGate, Gate } from './gate';
import {
  RuntimeRunView,
  RuntimeTestHarness,
  RuntimeTestRun,
  RuntimeTestSignal,
} from './RuntimeTestHarness';
import { ScriptedSteps, StepScript, StepVisit } from './ScriptedSteps';

const POLL_MS = 15;

type StepView = RuntimeRunView['steps'][number];

/** Where one scenario plays: a runtime, scripted steps, and what came of it. */
export class ContractStage {
  readonly harness: RuntimeTestHarness;
  readonly #steps: ScriptedSteps;
  readonly #patienceMs: number;
  readonly #gates: Gate[] = [];
  readonly #runs = new Set<string>();
  #signals = 0;
  #closed = false;

  static create(options: {
    harness: RuntimeTestHarness;
    steps: ScriptedSteps;
    patienceMs: number;
  }): ContractStage {
    return new ContractStage(options);
  }

  private constructor(options: {
    harness: RuntimeTestHarness;
    steps: ScriptedSteps;
    patienceMs: number;
  }) {
    this.harness = options.harness;
    this.#steps = options.steps;
    this.#patienceMs = options.patienceMs;
  }

  script(step: string, script: StepScript): void {
    this.#steps.script(step, script);
  }

  /** The step waits until the gate opens, the end of the scenario at the latest. */
  gate(): Gate {
    const gate = createGate();
    if (this.#closed) {
      gate.open();
    }
    this.#gates.push(gate);
    return gate;
  }

  /** A step that works until it is told to stop. */
  untilAborted(step: string): void {
    this.script(step, async context => {
      await Promise.race([aborted(context.signal), this.gate().opened]);
      throw context.signal.reason ?? new Error('The scenario is over');
    });
  }

  async start(
    steps: ContractStep[],
    options: Partial<WorkflowDefinition> & {
      parameters?: Record<string, JsonValue>;
      run?: Partial<RuntimeTestRun>;
    } = {},
  ): Promise<string> {
    const { parameters = {}, run, ...definition } = options;
    const { id } = await this.harness.start({
      definition: contractWorkflow(steps, definition),
      parameters,
      ...run,
    });
    this.#runs.add(id);
    return id;
  }

  async signal(
    runId: string,
    kind: RuntimeTestSignal['kind'],
    patch: Partial<RuntimeTestSignal> = {},
  ): Promise<void> {
    this.#signals += 1;
    await this.harness.signal(runId, {
      id: `${runId}/${kind}/${this.#signals}`,
      kind,
      by: 'user:default/joe',
      ...patch,
    });
  }

  /** Beginnings of a step, or of all steps, of a run. */
  visits(runId: string, step?: string): StepVisit[] {
    return this.#steps.visits.filter(
      visit =>
        visit.runId === runId && (step === undefined || visit.step === step),
    );
  }

  /** Resolves when the step has begun so often. */
  async begun(runId: string, step: string, times: number = 1): Promise<void> {
    await this.eventually(
      () => this.visits(runId, step).length >= times,
      () => `step "${step}" to begin ${times} times`,
    );
  }

  async until(
    runId: string,
    holds: (view: RuntimeRunView) => boolean,
  ): Promise<RuntimeRunView> {
    let view: RuntimeRunView | undefined;
    await this.eventually(
      async () => {
        view = await this.harness.view(runId);
        return holds(view);
      },
      () => `something else than ${JSON.stringify(view)}`,
    );
    return view!;
  }

  async untilStep(
    runId: string,
    name: string,
    holds: (step: StepView) => boolean,
  ): Promise<StepView> {
    const view = await this.until(runId, ({ steps }) =>
      steps.some(step => step.name === name && holds(step)),
    );
    return stepOf(view, name);
  }

  async end(runId: string): Promise<RuntimeRunView> {
    return await this.until(runId, isRunEnded);
  }

  /** For what must not happen: long enough for it to happen. */
  async quiet(ms: number = 250): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, ms));
  }

  async countEvents(runId: string, type: RunEvent['type']): Promise<number> {
    const events = await this.harness.events(runId);
    return events.filter(event => event.type === type).length;
  }

  async eventually(
    holds: () => boolean | Promise<boolean>,
    expected: () => string,
  ): Promise<void> {
    const end = performance.now() + this.#patienceMs;
    while (!(await holds())) {
      if (performance.now() > end) {
        throw new Error(
          `Waited ${this.#patienceMs} ms in vain for ${expected()}`,
        );
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }

  /** What is read of a run must be what its events say, on every runtime. */
  async checkReplay(expect: jest.Expect): Promise<void> {
    for (const runId of this.#runs) {
      const view = await this.end(runId);
      const events = await this.harness.events(runId);
      const state = events.reduce<RunState | undefined>(
        (current, event) => evolve(current, event),
        undefined,
      );
      expect(state && viewOf(state)).toEqual(
        viewOf({ ...view, steps: byName(view) }),
      );
      expect(events.filter(({ type }) => type === 'RunStarted')).toHaveLength(
        1,
      );
      expect(events.at(-1)?.type).toBe('RunFinished');
    }
  }

  /** Lets everything go that still waits, also of workers that are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const gate of this.#gates) {
      gate.open();
    }
    await this.harness.close();
  }
}

export function stepOf(view: RuntimeRunView, name: string): StepView {
  const found = view.steps.find(step => step.name === name);
  if (!found) {
    throw new Error(`The run has no step "${name}"`);
  }
  return found;
}

/** Statuses of all steps, in the order of the workflow. */
export function statuses(view: RuntimeRunView): string[] {
  return view.steps.map(step => step.status);
}

function byName(view: RuntimeRunView): Record<string, StepView> {
  return Object.fromEntries(view.steps.map(step => [step.name, step]));
}

function viewOf(
  run: Pick<RuntimeRunView, 'status' | 'outputs' | 'failure'> & {
    steps: Record<string, StepView>;
  },
) {
  return {
    status: run.status,
    outputs: run.outputs,
    failure: run.failure,
    steps: Object.values(run.steps).map(step => ({
      name: step.name,
      status: step.status,
      attempt: step.attempt,
      outputs: step.outputs,
      error: step.error,
      skipReason: step.skipReason,
    })),
  };
}
