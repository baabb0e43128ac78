import { JsonObject, JsonValue } from '../json';
import { evolve, isRunEnded, settle } from '../workflow/engine';
import {
  interpolateSetVariables,
  interpolateStep,
} from '../workflow/stepScope';
import {
  RunEvent,
  RunState,
  StepDefinition,
  StepError,
  StepState,
  WorkflowDefinition,
} from '../workflow/types';

const MAX_TURNS = 10_000;

/**
 * What a step answers in a simulation.
 *
 * @public
 */
export interface SimulatedAnswer {
  outputs?: JsonObject;
  /** The step fails with this. */
  fail?: { message: string; code?: string; transient?: boolean };
}

/** @public */
export interface SimulatedAttempt {
  step: StepDefinition;
  attempt: number;
  /** Filled in. */
  config: JsonObject;
  env: Record<string, string>;
  parameters: JsonObject;
}

/** @public */
export interface SimulateWorkflowOptions {
  definition: WorkflowDefinition;
  parameters?: JsonObject;
  metadata?: JsonObject;
  environment?: { name: string; type: string; [key: string]: JsonValue };
  /** Answers of steps by name; steps of the type `simulate` answer themselves. */
  steps?: Record<string, SimulatedAnswer>;
  /** What people answer who are asked; without it the run waits for them. */
  decide?: 'approve' | 'reject';
  /** Carries out a step for real; answers `undefined` to have it simulated. */
  execute?(
    attempt: SimulatedAttempt,
  ): Promise<SimulatedAnswer | undefined> | undefined;
}

/** @public */
export interface SimulatedStep extends Pick<
  StepState,
  'name' | 'status' | 'attempt' | 'outputs' | 'error' | 'skipReason'
> {
  type: string;
  /** Of the last attempt, filled in. */
  config?: JsonObject;
}

/** @public */
export interface SimulatedRun {
  /** `waiting` when it waits for a person. */
  status: RunState['status'];
  outputs: Record<string, JsonValue>;
  failure?: RunState['failure'];
  /** In the order of the workflow. */
  steps: SimulatedStep[];
  /** Milliseconds that the run would have waited between attempts. */
  waitedMs: number;
}

/**
 * Runs a workflow with the engine of innominatus, but with nothing behind it:
 * conditions, order, retries, references and outputs are as they are, and every
 * step answers at once.
 *
 * @public
 */
export async function simulateWorkflow(
  options: SimulateWorkflowOptions,
): Promise<SimulatedRun> {
  const { definition, parameters = {}, metadata = {}, environment } = options;
  const configs = new Map<string, JsonObject>();
  let now = 0;
  let state = evolve(undefined, {
    type: 'RunStarted',
    at: now,
    definition,
    input: {
      parameters,
      metadata,
      environment,
      app: { name: String(metadata.name ?? 'workload') },
      run: { id: 'simulated', number: 1 },
    },
  });
  for (let turn = 0; turn < MAX_TURNS && !isRunEnded(state); turn++) {
    const settled = settle(state, now);
    state = settled.state;
    let moved = false;
    for (const command of settled.commands) {
      if (command.type === 'StartStep') {
        const { step, attempt } = command;
        state = evolve(state, { type: 'StepStarted', at: now, step, attempt });
        const event = await attemptStep({
          state,
          ...command,
          now,
          options,
          configs,
        });
        state = evolve(state, event);
        moved = true;
      } else if (command.type === 'FinishRun') {
        const { type: _type, ...result } = command;
        state = evolve(state, { type: 'RunFinished', at: now, ...result });
        moved = true;
      }
    }
    const decided = moved ? undefined : answerOfPeople(state, now, options);
    if (decided) {
      state = decided;
    } else if (!moved) {
      const due = retryTimer(state);
      if (due === undefined) {
        break;
      }
      now = due.at;
      state = evolve(state, { type: 'TimerFired', at: now, timer: due.timer });
    }
  }
  return {
    status: isRunEnded(state) ? state.status : 'waiting',
    outputs: state.outputs,
    failure: state.failure,
    steps: state.definition.steps.map(({ name, type }) => {
      const { status, attempt, outputs, error, skipReason } = state.steps[name];
      const config = configs.get(name);
      return {
        name,
        type,
        status,
        attempt,
        outputs,
        error,
        skipReason,
        config,
      };
    }),
    waitedMs: now,
  };
}

/** As many people as are needed answer the first question that is open. */
function answerOfPeople(
  state: RunState,
  at: number,
  { decide }: SimulateWorkflowOptions,
): RunState | undefined {
  const asked = Object.values(state.steps).find(
    ({ status, approval }) =>
      status === 'waiting' && approval?.state === 'pending',
  );
  if (decide === undefined || asked === undefined) {
    return undefined;
  }
  const quorum = asked.approval?.policy.quorum ?? 1;
  let next = state;
  for (let person = 1; person <= quorum; person++) {
    next = evolve(next, {
      type: 'Signal',
      at,
      id: `${asked.name}/${person}`,
      kind: decide,
      step: asked.name,
      by: `user:default/simulated-${person}`,
      reason: 'Simulated',
    });
  }
  return next;
}

/** The time of a step that waits for a person is not let run out. */
function retryTimer(
  state: RunState,
): { timer: string; at: number } | undefined {
  const isAsking = Object.values(state.steps).some(
    ({ waiting }) => waiting?.kind === 'approval' || waiting?.kind === 'person',
  );
  const [first] = Object.entries(state.timers).sort(([, a], [, b]) => a - b);
  return first === undefined || isAsking
    ? undefined
    : { timer: first[0], at: first[1] };
}

async function attemptStep(request: {
  state: RunState;
  step: string;
  attempt: number;
  now: number;
  options: SimulateWorkflowOptions;
  configs: Map<string, JsonObject>;
}): Promise<RunEvent> {
  const { state, step: name, attempt, now, options, configs } = request;
  const place = { at: now, step: name, attempt };
  const step = state.definition.steps.find(item => item.name === name)!;
  try {
    const { config, env } = interpolateStep(state, step);
    configs.set(name, config);
    const { parameters } = state.input;
    const answer =
      (await options.execute?.({ step, attempt, config, env, parameters })) ??
      options.steps?.[name] ??
      answerOf(state, { step, config, attempt });
    if (answer.fail) {
      const {
        message,
        code = 'SIMULATED_FAILURE',
        transient = false,
      } = answer.fail;
      return {
        type: 'StepFailed',
        ...place,
        error: { message, code, transient },
      };
    }
    const outputs = answer.outputs ?? {};
    return {
      type: 'StepSucceeded',
      ...place,
      outputs,
      variables: interpolateSetVariables({ state, step, outputs }),
    };
  } catch (error) {
    return { type: 'StepFailed', ...place, error: toStepError(error) };
  }
}

function answerOf(
  state: RunState,
  {
    step,
    config,
    attempt,
  }: { step: StepDefinition; config: JsonObject; attempt: number },
): SimulatedAnswer {
  const { approved } = state.steps[step.name];
  if (step.type === 'approval' && approved) {
    return {
      outputs: {
        approvedBy: approved.by.join(', '),
        reason: approved.reason ?? '',
        decidedAt: new Date(approved.at).toISOString(),
      },
    };
  }
  return step.type === 'simulate' ? simulated(config, attempt) : {};
}

/** What a step of the type `simulate` was told to do. */
function simulated(config: JsonObject, attempt: number): SimulatedAnswer {
  const fail = config.fail as
    | {
        message?: string;
        code?: string;
        transient?: boolean;
        attempts?: number;
      }
    | undefined;
  if (fail && attempt <= (fail.attempts ?? Infinity)) {
    const { message = 'The step was told to fail.', code, transient } = fail;
    return { fail: { message, code, transient } };
  }
  return { outputs: config.outputs as JsonObject | undefined };
}

function toStepError(error: unknown): StepError {
  const { name, message, code, transient } = error as Error &
    Partial<StepError>;
  return {
    code:
      code ??
      (name === 'InterpolationError' ? 'REFERENCE_UNRESOLVED' : 'STEP_FAILED'),
    message,
    transient: transient ?? false,
  };
}
