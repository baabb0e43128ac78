import { z } from 'zod';
import { definitionName, shortText, text } from '../definitions/names';
import { readApproverRef } from '../workflow/approval/approverRef';
import { parseDuration } from '../workflow/duration';
import { POLICY_PHASES, POLICY_TIERS, RequiredWorkflow } from './types';

const names = z.array(shortText).min(1).max(200);

/** A name stands for a workflow of any phase. */
const required = z
  .union([
    shortText,
    z.strictObject({
      name: shortText,
      phase: z.enum(POLICY_PHASES).optional(),
      parameters: z.record(z.string(), z.json()).optional(),
    }),
  ])
  .transform((value): RequiredWorkflow =>
    typeof value === 'string' ? { name: value } : value,
  );

const executor = z
  .string()
  .max(255)
  .transform((value, context) => {
    const ref = /^(plugin|external):\S+$/.test(value)
      ? value
      : readApproverRef(value);
    if (ref === undefined) {
      context.addIssue(
        `expected the entity ref of a user or group, or the subject of a service such as "plugin:scaffolder", got "${value.slice(0, 80)}"`,
      );
      return z.NEVER;
    }
    return ref;
  });

const duration = z.string().transform((value, context) => {
  const ms = parseDuration(value);
  if (ms === undefined || ms < 1_000 || /^\d+$/.test(value.trim())) {
    context.addIssue("expected a duration such as '30m' or '2h'");
    return z.NEVER;
  }
  return `PT${Math.round(ms / 1000)}S`;
});

const limit = z.number().int().min(1).max(100_000);

const action = z.enum([
  'deploy',
  'rollback',
  'promote',
  'deprovision',
  'delete',
  'repair',
  'run',
]);

/** A document of `kind: Policy`. */
export const policySchema = z.strictObject({
  apiVersion: z.literal('innominatus.dev/v1'),
  kind: z.literal('Policy'),
  metadata: z.strictObject({
    name: definitionName,
    title: shortText.optional(),
    description: text.optional(),
    owner: shortText.optional(),
  }),
  spec: z.strictObject({
    tier: z.enum(POLICY_TIERS).default('platform'),
    enforcement: z.enum(['deny', 'warn']).default('deny'),
    appliesTo: z
      .strictObject({
        environments: names.optional(),
        environmentTypes: names.optional(),
        goldenPaths: names.optional(),
        actions: z.array(action).min(1).optional(),
        products: names.optional(),
        applications: names.optional(),
        owners: names.optional(),
      })
      .prefault({}),
    workflows: z
      .strictObject({
        required: z.array(required).min(1).max(200).optional(),
        allowed: names.optional(),
      })
      .optional(),
    stepTypes: z
      .strictObject({ allowed: names.optional(), denied: names.optional() })
      .optional(),
    limits: z
      .strictObject({
        steps: limit.optional(),
        duration: duration.optional(),
        concurrency: limit.optional(),
      })
      .optional(),
    environments: z
      .strictObject({
        allowed: names.optional(),
        allowedTypes: names.optional(),
      })
      .optional(),
    approvals: z
      .strictObject({ quorum: z.number().int().min(1).max(20) })
      .optional(),
    executors: z
      .strictObject({ allowed: z.array(executor).min(1).max(200) })
      .optional(),
    overrides: z
      .strictObject({ allowed: z.array(shortText).max(200) })
      .optional(),
    rules: z
      .array(
        z.strictObject({
          name: definitionName,
          expression: z.string().min(1),
          message: text.min(1),
          messageExpression: z.string().min(1).optional(),
        }),
      )
      .max(100)
      .default([]),
  }),
});
