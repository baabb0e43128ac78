import { JsonValue } from '@innominatus/backstage-plugin-innominatus-common';
import {
  createStepType,
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { durationSchema, toMs } from './duration';
import { sleep } from './sleep';

const MAX_MESSAGES = 1000;

const failSchema = z.strictObject({
  message: z.string().optional(),
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'expected a code such as "SERVER_BUSY"')
    .optional(),
  transient: z.boolean().optional(),
  /** Only this many attempts fail, the next one succeeds. */
  attempts: z.number().int().min(1).optional(),
});

const schema = z.strictObject({
  /** How long the step takes in total (default 0). */
  duration: durationSchema.optional(),
  /** Lines of the log, spread over the duration. */
  messages: z.array(z.string()).max(MAX_MESSAGES).optional(),
  /** Another word for `messages`. */
  steps: z.array(z.string()).max(MAX_MESSAGES).optional(),
  outputs: z.record(z.string(), z.json()).optional(),
  /** Names of outputs that are secret. */
  sensitive: z.array(z.string()).optional(),
  fail: failSchema.optional(),
  /** What the undo of the step does; without it the step cannot be undone. */
  undo: z
    .strictObject({
      duration: durationSchema.optional(),
      messages: z.array(z.string()).max(MAX_MESSAGES).optional(),
      fail: failSchema.optional(),
    })
    .optional(),
});

/** Stands in for real work: takes time, writes a log, and succeeds or fails as told. */
export const simulateStepType = createStepType({
  name: 'simulate',
  description:
    'Does nothing but take time, write lines and hand out values; for trying things out.',
  schema,
  effects: 'none',
  onInterrupt: 'rerun',
  async run(context) {
    const { config, log } = context;
    await simulate(context, {
      ...config,
      messages: [...(config.messages ?? []), ...(config.steps ?? [])],
    });
    const names = Object.keys(config.outputs ?? {});
    if (names.length > 0) {
      log.info(`Outputs: ${names.join(', ')}`);
    }
    return {
      // A secret that is handed on stays a reference; it is never needed here.
      outputs: config.outputs as Record<string, JsonValue> | undefined,
      sensitive: config.sensitive,
    };
  },
  undo: context => simulate(context, context.config.undo ?? {}),
  undoObstacle: config =>
    config.undo ? undefined : 'It does not say what its undo does.',
});

interface Simulation {
  duration?: z.output<typeof durationSchema>;
  messages?: string[];
  fail?: z.output<typeof failSchema>;
}

async function simulate(
  context: Pick<StepContext, 'log' | 'signal' | 'step'>,
  { duration = 0, messages = [], fail }: Simulation,
): Promise<void> {
  const { log, signal, step } = context;
  const totalMs = toMs(duration);
  const pauseMs = totalMs / Math.max(1, messages.length);
  for (const [i, message] of messages.entries()) {
    log.info(`[${i + 1}/${messages.length}] ${message}`);
    await sleep(pauseMs, signal);
  }
  if (messages.length === 0) {
    await sleep(totalMs, signal);
  }
  if (fail && step.attempt <= (fail.attempts ?? Infinity)) {
    throw new StepFailure(fail.message ?? 'The step was told to fail.', {
      code: fail.code ?? 'SIMULATED_FAILURE',
      transient: fail.transient,
    });
  }
}
