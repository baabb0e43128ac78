import { JsonValue } from '@innominatus/backstage-plugin-innominatus-common';
import {
  createStepType,
  StepContext,
  StepFailure,
  StepWait,
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

const DAY_MS = 24 * 60 * 60 * 1000;

/** Somebody outside who has to do their part. */
const outsideSchema = z.strictObject({
  /** How long they take. */
  for: durationSchema,
  /** What is waited for, in one sentence. */
  message: z.string().min(1).max(500).optional(),
  /** Address of a page for people: a ticket, a pull request. */
  link: z.string().min(1).max(2000).optional(),
  title: z.string().min(1).max(200).optional(),
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
  /** Waits as "delegated" does, needing no worker, before it does the rest. */
  outside: outsideSchema.optional(),
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
    if (config.outside) {
      await waitOutside(context, config.outside);
    }
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

/** The time is written down, so that it does not begin again with each turn. */
async function waitOutside(
  context: Pick<StepContext, 'artifacts' | 'idempotencyKey' | 'log' | 'signal'>,
  outside: z.output<typeof outsideSchema>,
): Promise<void> {
  const { artifacts, idempotencyKey, log, signal } = context;
  const { message = 'Waits for somebody outside.', link, title } = outside;
  signal.throwIfAborted();
  const name = `outside:${idempotencyKey}`;
  const begun = await artifacts.read(name);
  const until =
    begun === undefined ? Date.now() + toMs(outside.for) : Number(begun);
  if (begun === undefined) {
    await artifacts.write(name, String(until));
    log.info(message);
  }
  const left = until - Date.now();
  if (left > 0) {
    throw new StepWait({
      message,
      ...(link ? { link: { url: link, ...(title ? { title } : {}) } } : {}),
      lookAfterMs: left,
      expiresAfterMs: left + DAY_MS,
    });
  }
  log.info('Done outside');
}

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
