import { z } from 'zod';
import { JsonObject, JsonValue } from '../json';
import { parseDuration } from '../workflow/duration';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How it is found out whether a resource is well.
 *
 * @public
 */
export interface ProviderHealthCheck {
  /** `http`, `tcp`, `workflow`, or what a module brings. */
  type: string;
  intervalMs: number;
  timeoutMs: number;
  /** Failures in a row after which the resource is degraded. */
  failureThreshold: number;
  /** Successes in a row after which it is active again. */
  successThreshold: number;
  /** Templates over `params`, `outputs`, `resource` and `environment`. */
  config: JsonObject;
}

function duration(bounds: { min: number; max: number; example: string }) {
  return z.union([z.string(), z.number()]).transform((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined || ms < bounds.min || ms > bounds.max) {
      context.addIssue({
        code: 'custom',
        message: `expected a duration between ${bounds.min / SECOND_MS} and ${bounds.max / SECOND_MS} seconds, such as '${bounds.example}'`,
      });
      return z.NEVER;
    }
    return ms;
  });
}

const json: z.ZodType<JsonValue> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
const count = z.number().int().min(1).max(100);

const WORKFLOW_INTERVAL_MS = 10 * MINUTE_MS;

export const healthCheckSchema = z
  .strictObject({
    type: z.string().min(1).max(63),
    interval: duration({
      min: 10 * SECOND_MS,
      max: 7 * DAY_MS,
      example: '1m',
    }).optional(),
    timeout: duration({
      min: SECOND_MS,
      max: 10 * MINUTE_MS,
      example: '10s',
    }).optional(),
    failureThreshold: count.default(3),
    successThreshold: count.default(1),
    config: jsonObject.default({}),
  })
  .transform(({ interval, timeout, ...rest }): ProviderHealthCheck => ({
    ...rest,
    // Each check of this kind is a run, which stays in the history.
    intervalMs:
      interval ?? (rest.type === 'workflow' ? WORKFLOW_INTERVAL_MS : MINUTE_MS),
    timeoutMs:
      timeout ?? (rest.type === 'workflow' ? MINUTE_MS : 10 * SECOND_MS),
  }));

const template = z.string().min(1).max(4096);

const httpConfig = z.strictObject({
  url: template,
  method: z.enum(['GET', 'HEAD']).default('GET'),
  /** Statuses that are good; any from 200 to 399 without it. */
  expectStatus: z
    .array(z.number().int().min(100).max(599))
    .min(1)
    .max(20)
    .optional(),
  /** Text that the body has to contain. */
  bodyContains: z.string().min(1).max(1024).optional(),
});

const tcpConfig = z.strictObject({
  host: template,
  port: z.union([z.number().int().min(1).max(65535), template]),
});

const workflowConfig = z.strictObject({
  /** Name of a workflow; that of `operations.read` without it. */
  workflow: z.string().min(1).max(63).optional(),
});

/**
 * Configurations of the health checks that need no module.
 *
 * @public
 */
export const HEALTH_CHECK_CONFIGS = {
  http: httpConfig,
  tcp: tcpConfig,
  workflow: workflowConfig,
};
