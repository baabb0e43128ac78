import {
  interpolateSetVariables,
  interpolateStep,
  JsonValue,
  RunEvent,
  RunState,
  StepDefinition,
  StepError,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure, StepWait } from '../errors';
import { StepContext, StepType } from '../stepTypes';

const MAX_OUTPUT_BYTES = 64 * 1024;

export interface ScriptedAttempt {
  state: () => RunState;
  definition: StepDefinition;
  stepType: StepType | undefined;
  attempt: number;
  key: string;
  fencingToken: number;
  resumed: boolean;
  signal: AbortSignal;
}

/** Does the work of one attempt with nothing around it; never rejects. */
export async function executeScripted(
  options: ScriptedAttempt,
): Promise<RunEvent> {
  const { definition, attempt, signal } = options;
  const ofStep = { step: definition.name, attempt };
  try {
    const result = await run(options);
    const outputs = result?.outputs ?? {};
    if (JSON.stringify(outputs).length > MAX_OUTPUT_BYTES) {
      throw new StepFailure('Too large', { code: 'OUTPUT_TOO_LARGE' });
    }
    const resources = result?.resources;
    return {
      type: 'StepSucceeded',
      at: Date.now(),
      ...ofStep,
      outputs,
      resources,
      variables: interpolateSetVariables({
        state: options.state(),
        step: definition,
        outputs,
        resources,
      }),
    };
  } catch (error) {
    if (error instanceof StepWait) {
      const { wait } = error;
      return { type: 'StepWaits', at: Date.now(), ...ofStep, wait };
    }
    return {
      type: 'StepFailed',
      at: Date.now(),
      ...ofStep,
      error: signal.aborted
        ? { code: 'CANCELLED', message: 'Cancelled', transient: false }
        : toStepError(error as Error),
    };
  }
}

async function run(options: ScriptedAttempt) {
  const { definition, stepType, state } = options;
  if (!stepType) {
    throw new StepFailure(`Step type "${definition.type}" is not installed`, {
      code: 'UNKNOWN_STEP_TYPE',
    });
  }
  const { config, env } = interpolateStep(state(), definition);
  const read = stepType.schema.safeParse(config);
  if (!read.success) {
    throw new StepFailure('Not valid', { code: 'CONFIG_INVALID' });
  }
  return await stepType.run(
    createContext(options, read.data as Record<string, JsonValue>, env),
  );
}

function createContext(
  options: ScriptedAttempt,
  config: Record<string, JsonValue>,
  env: Record<string, string>,
): StepContext<any> {
  const { definition, attempt, key, fencingToken, resumed, signal } = options;
  const { input } = options.state();
  const refuse = () => {
    throw new Error('Not in memory');
  };
  const silent = () => {};
  return {
    config,
    env,
    run: { ...input.run, initiator: 'user:default/jane', workflow: 'test' },
    step: { name: definition.name, attempt },
    parameters: input.parameters,
    log: { info: silent, warn: silent, error: silent },
    logger: {
      debug: silent,
      info: silent,
      warn: silent,
      error: silent,
      child: refuse,
    },
    signal,
    idempotencyKey: key,
    fencingToken,
    resumed,
    workspace: refuse,
    artifacts: { read: refuse, write: refuse },
    runner: { run: refuse, attach: refuse },
    keepSecret: refuse,
    resolveSecrets: async value => value,
    resolveSecretText: refuse,
    redact: silent,
  };
}

function toStepError(error: Error): StepError {
  const { message } = error;
  if (error instanceof StepFailure) {
    return { code: error.code, message, transient: error.transient };
  }
  const code =
    error.name === 'InterpolationError'
      ? 'REFERENCE_UNRESOLVED'
      : 'STEP_FAILED';
  return { code, message, transient: false };
}
