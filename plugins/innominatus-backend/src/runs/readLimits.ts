import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { CompileOptions } from '@innominatus/backstage-plugin-innominatus-common';
import { RunLimits } from './runGroups';

const KEY = 'innominatus.limits';
const KNOWN = [
  'queuedRuns',
  'runDuration',
  'runsPerEnvironment',
  'runsPerTeam',
  'stepDuration',
  'stepLogBytes',
  'stepsPerWorkflow',
];
const SHORTEST_DURATION_MS = 1000;

/** Everything in `innominatus.limits`; what is absent is `undefined`. */
export interface Limits extends RunLimits {
  /** What workflows may ask for; checked when they are loaded. */
  compile: Pick<
    CompileOptions,
    'maxSteps' | 'maxTimeoutMs' | 'maxStepTimeoutMs'
  >;
  stepLogBytes?: number;
}

/** Reads the limits once; a wrong one stops the start and says what is right. */
export function readLimits(config: Config): Limits {
  const section = config.getOptional(KEY) ?? {};
  if (typeof section !== 'object' || Array.isArray(section)) {
    throw new Error(
      `The value of "${KEY}" is no object. Expected for example "runsPerTeam: 10" below it.`,
    );
  }
  for (const name of Object.keys(section as object)) {
    if (!KNOWN.includes(name)) {
      throw new Error(
        `The key "${KEY}.${name}" is not known. Known are: ${KNOWN.join(', ')}.`,
      );
    }
  }
  return {
    runsPerTeam: readAmount(config, 'runsPerTeam', 10),
    runsPerEnvironment: readAmount(config, 'runsPerEnvironment', 20),
    queuedRuns: readAmount(config, 'queuedRuns', 500),
    stepLogBytes: readAmount(config, 'stepLogBytes', 10_485_760),
    compile: {
      maxSteps: readAmount(config, 'stepsPerWorkflow', 500),
      maxTimeoutMs: readMs(config, 'runDuration', '8h'),
      maxStepTimeoutMs: readMs(config, 'stepDuration', '2h'),
    },
  };
}

function readAmount(
  config: Config,
  name: string,
  example: number,
): number | undefined {
  const key = `${KEY}.${name}`;
  const amount = config.getOptional(key);
  if (amount === undefined) {
    return undefined;
  }
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 1) {
    throw new Error(
      `The value of "${key}" is ${JSON.stringify(amount)}, expected a whole number above 0, for example ${example}.`,
    );
  }
  return amount;
}

function readMs(
  config: Config,
  name: string,
  example: string,
): number | undefined {
  const key = `${KEY}.${name}`;
  if (!config.has(key)) {
    return undefined;
  }
  const wrong = (cause?: unknown) =>
    new Error(
      `The value of "${key}" is ${JSON.stringify(config.get(key))}, expected a duration of at least a second, for example "${example}".`,
      { cause },
    );
  let ms: number;
  try {
    ms = durationToMilliseconds(readDurationFromConfig(config, { key }));
  } catch (error) {
    throw wrong(error);
  }
  if (!(ms >= SHORTEST_DURATION_MS)) {
    throw wrong();
  }
  return ms;
}
