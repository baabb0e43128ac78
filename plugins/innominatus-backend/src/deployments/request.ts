import {
  DeploymentRequest,
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';
import { readBody } from '../http/readBody';
import { prioritySchema } from '../runs/priority';
import { fileSourcesSchema } from '../score/fileSourcesSchema';

/** A request for a plan or a deployment, checked. */
export type PlanDeploymentRequest = DeploymentRequest;

const json: z.ZodType<JsonValue> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

/** Why something is deployed although the environment is frozen. */
export const freezeReasonSchema = z.string().trim().min(1).max(1000).optional();

/** What of a Score spec is changed before it is deployed. */
export const scoreChanges = {
  image: z.string().max(1024).optional(),
  overrideProperties: z.array(z.string().max(4096)).max(100).optional(),
  overrides: jsonObject.optional(),
};

const schema = z.strictObject({
  action: z
    .enum(['deploy', 'rollback', 'promote', 'deprovision', 'delete', 'repair'])
    .default('deploy'),
  score: z.string().optional(),
  file: z.string().max(255).optional(),
  sources: fileSourcesSchema.optional(),
  entityRef: z.string().max(255).optional(),
  goldenPath: z.string().max(63).optional(),
  parameters: jsonObject.optional(),
  ...scoreChanges,
  target: z
    .strictObject({
      revision: z.number().int().positive().optional(),
      deployment: z.number().int().positive().optional(),
    })
    .refine(
      target =>
        target.revision === undefined || target.deployment === undefined,
      'expected one of "revision" and "deployment"',
    )
    .optional(),
  from: z.string().max(63).optional(),
  resources: z.array(z.string().min(1).max(63)).min(1).max(500).optional(),
  prune: z.boolean().optional(),
  planHash: z.string().max(128).optional(),
  priority: prioritySchema.optional(),
  overrideFreeze: freezeReasonSchema,
});

/** Reads the body of `POST …/plans` and `POST …/deployments`. */
export function readPlanRequest(body: unknown): PlanDeploymentRequest {
  return readBody(schema, body);
}
