import { Config } from '@backstage/config';
import { JsonObject } from '@innominatus/backstage-plugin-innominatus-common';
import {
  createStepType,
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { durationSchema, toMs } from './duration';
import { readHttpAllowList } from './hostAllowList';
import { readOutputs } from './httpAnswer';
import { HttpAnswer, sendHttpRequest } from './httpRequest';
import { sleep } from './sleep';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_DELAY_MS = 1_000;
const SHOWN_BODY_LENGTH = 500;

const schema = z.strictObject({
  url: z.string().min(1),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .default('GET'),
  headers: z.record(z.string(), z.string()).optional(),
  /** Text, or anything else that is sent as JSON. */
  body: z.json().optional(),
  /** Status that is expected; without it every 2xx. */
  status: z
    .union([z.number().int(), z.array(z.number().int()).min(1)])
    .optional(),
  /** More tries when the host cannot be reached or answers 429 or 5xx. */
  retries: z.number().int().min(0).max(20).default(0),
  /** Pause before another try (default 1 s). */
  delay: durationSchema.optional(),
  /** Limit for one try (default 30 s). */
  timeout: durationSchema.optional(),
  /** Output name to the path of a value in the JSON that is answered. */
  outputs: z.record(z.string(), z.string()).optional(),
  /** Names of outputs that are secret. */
  sensitive: z.array(z.string()).optional(),
});

type HttpConfig = z.output<typeof schema>;

/** Calls a host that the operator of the backend allowed. */
export function createHttpStepType(options: { config: Config }) {
  const allowList = readHttpAllowList(options.config);
  return createStepType({
    name: 'http',
    description: 'Sends an HTTP request and checks the answer.',
    schema,
    effects: 'external',
    onInterrupt: 'rerun',
    async run(context) {
      const { config } = context;
      const resolved = await context.resolveSecrets(config as JsonObject);
      const request = resolved as HttpConfig;
      for (let attempt = 1; ; attempt++) {
        const answer = await tryOnce(context, request, allowList);
        if (answer.kind === 'ok') {
          return {
            outputs: {
              status: answer.answer.status,
              ...readOutputs(
                answer.answer,
                config.outputs ?? {},
                'config.outputs',
              ),
            },
            sensitive: config.sensitive,
          };
        }
        if (!answer.failure.transient || attempt > config.retries) {
          throw answer.failure;
        }
        context.log.warn(
          `${answer.failure.message} Try ${attempt} of ${config.retries + 1}.`,
        );
        await sleep(toMs(config.delay ?? DEFAULT_DELAY_MS), context.signal);
      }
    },
  });
}

type Try =
  { kind: 'ok'; answer: HttpAnswer } | { kind: 'failed'; failure: StepFailure };

async function tryOnce(
  context: StepContext<HttpConfig>,
  request: HttpConfig,
  allowList: ReturnType<typeof readHttpAllowList>,
): Promise<Try> {
  const { log, signal } = context;
  const timeoutMs = toMs(request.timeout ?? DEFAULT_TIMEOUT_MS);
  try {
    const answer = await sendHttpRequest({
      ...request,
      allowList,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    log.info(`${request.method} ${answer.address} answered ${answer.status}`);
    if (isExpected(request.status, answer.status)) {
      return { kind: 'ok', answer };
    }
    const text = answer.body.slice(0, SHOWN_BODY_LENGTH);
    return failed(
      `The answer has the status ${answer.status}, expected ${describe(request.status)}.${text ? ` It says: ${text}` : ''}`,
      {
        code: 'HTTP_STATUS_UNEXPECTED',
        transient: answer.status === 429 || answer.status >= 500,
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    if ((error as Error).name === 'StepFailure') {
      throw error;
    }
    const timedOut = (error as Error).name === 'TimeoutError';
    const cause = (error as Error).cause ?? error;
    return failed(
      timedOut
        ? `There was no answer within ${timeoutMs} ms.`
        : `The host could not be reached: ${(cause as Error).message}.`,
      {
        code: timedOut ? 'HTTP_TIMEOUT' : 'HTTP_UNREACHABLE',
        transient: true,
      },
    );
  }
}

function failed(
  message: string,
  options: { code: string; transient: boolean },
): Try {
  return { kind: 'failed', failure: new StepFailure(message, options) };
}

function isExpected(expected: HttpConfig['status'], status: number): boolean {
  if (expected === undefined) {
    return status >= 200 && status < 300;
  }
  return Array.isArray(expected)
    ? expected.includes(status)
    : expected === status;
}

function describe(expected: HttpConfig['status']): string {
  if (expected === undefined) {
    return '2xx';
  }
  return Array.isArray(expected) ? expected.join(' or ') : String(expected);
}
