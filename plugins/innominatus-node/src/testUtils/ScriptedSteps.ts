import {
  InterruptAction,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';
import {
  createStepType,
  StepContext,
  StepResult,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';

/** The beginning of one piece of work, as its step saw it. */
export interface StepVisit {
  runId: string;
  step: string;
  attempt: number;
  key: string;
  fencingToken: number;
  resumed: boolean;
  config: Record<string, JsonValue>;
  env: Record<string, string>;
  at: number;
  /** Set when the work came to its end, with whatever result. */
  overAt?: number;
  /** Position of the beginning and of the end among all of them. */
  begin: number;
  end?: number;
}

/** The work of a step; `visit` counts its beginnings in this run from 1. */
export type StepScript = (
  context: StepContext<any>,
  visit: number,
) => Promise<StepResult | void>;

const INTERRUPT_ACTIONS: InterruptAction[] = ['rerun', 'resume', 'hold'];

/**
 * Steps that do what a scenario wants, and remember each time they began. There
 * is one type for each way to treat an interruption: `rerun`, `resume`, `hold`.
 */
export class ScriptedSteps {
  readonly visits: StepVisit[] = [];
  readonly stepTypes: StepType[];
  readonly #scripts = new Map<string, StepScript>();
  #position = 0;

  static create(): ScriptedSteps {
    return new ScriptedSteps();
  }

  private constructor() {
    this.stepTypes = INTERRUPT_ACTIONS.map(onInterrupt =>
      createStepType({
        name: onInterrupt,
        description: `Follows a script; when interrupted: ${onInterrupt}.`,
        schema: z.looseObject({ count: z.number().optional() }),
        effects: 'external',
        onInterrupt,
        run: context => this.#run(context),
      }),
    );
  }

  /** Without a script a step answers its name and its config as outputs. */
  script(step: string, script: StepScript): void {
    this.#scripts.set(step, script);
  }

  async #run(context: StepContext<any>): Promise<StepResult | void> {
    const { run, step } = context;
    const visit: StepVisit = {
      runId: run.id,
      step: step.name,
      attempt: step.attempt,
      key: context.idempotencyKey,
      fencingToken: context.fencingToken,
      resumed: context.resumed,
      config: context.config,
      env: context.env,
      at: performance.now(),
      begin: this.#position++,
    };
    this.visits.push(visit);
    const count = this.visits.filter(
      other => other.runId === run.id && other.step === step.name,
    ).length;
    const script = this.#scripts.get(step.name);
    try {
      return script
        ? await script(context, count)
        : { outputs: { name: step.name, config: context.config } };
    } finally {
      visit.end = this.#position++;
      visit.overAt = performance.now();
    }
  }
}
