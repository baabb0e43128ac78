import { z } from 'zod';
import {
  JsonObject,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';

const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000;

const manifestObject = z.record(z.string(), z.any()) as z.ZodType<JsonObject>;

/** Configuration of a step of type `kubernetes`. */
export const kubernetesStepSchema = z.strictObject({
  operation: z
    .enum(['apply', 'wait', 'get', 'delete', 'create-namespace'])
    .default('apply')
    .describe('What to do with the objects. Default: apply'),
  artifact: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Artifact of the run that holds the manifests. Default: manifests',
    ),
  manifest: z
    .union([z.string(), manifestObject, z.array(manifestObject)])
    .optional()
    .describe('Manifests in place, as YAML text or as objects'),
  namespace: z
    .string()
    .regex(
      /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      'expected lower-case letters, digits and "-", at most 63 characters',
    )
    .optional()
    .describe(
      'Namespace of objects that name none. Default: the one of the environment',
    ),
  cluster: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Cluster by name. Default: the one of the environment, or the only one',
    ),
  createNamespace: z
    .boolean()
    .default(true)
    .describe('apply: makes the namespace if it is missing. Default: true'),
  force: z
    .boolean()
    .default(false)
    .describe(
      'apply: takes over fields that someone else manages. Default: false',
    ),
  prune: z
    .boolean()
    .default(true)
    .describe(
      'apply and delete: removes what an earlier deployment of the application has left. Default: true',
    ),
  wait: z
    .boolean()
    .optional()
    .describe(
      'Waits for the rollout, or until deleted objects are gone. Default: true for apply',
    ),
  timeout: z
    .union([z.string(), z.number()])
    .refine(
      value => {
        const ms = parseDuration(value);
        return ms !== undefined && ms > 0 && ms <= MAX_TIMEOUT_MS;
      },
      { message: 'expected a duration such as "5m", at most 24 hours' },
    )
    .optional()
    .describe('How long to wait. Default: 5 minutes'),
});

/** Checked configuration of a step of type `kubernetes`. */
export type KubernetesStepConfig = z.output<typeof kubernetesStepSchema>;
