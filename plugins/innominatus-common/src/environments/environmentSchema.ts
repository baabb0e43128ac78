import { z } from 'zod';
import { budgetSchema } from '../costs/priceSchema';
import { readApproverRef } from '../workflow/approval/approverRef';
import { parseDuration } from '../workflow/duration';
import { definitionName, shortText, text } from '../definitions/names';

/** A duration as people write it; comes out in ISO 8601. */
const duration = z.string().transform((value, context) => {
  const ms = parseDuration(value);
  if (ms === undefined || ms < 1_000 || /^\d+$/.test(value.trim())) {
    context.addIssue(
      "expected a duration of at least a second, such as '2h', '7d' or 'P7D'",
    );
    return z.NEVER;
  }
  return toIsoDuration(ms);
});

/** @internal */
function toIsoDuration(ms: number): string {
  return `PT${Math.round(ms / 1000)}S`;
}

/** Keeps templates apart from names that are written out. */
const templated = (pattern: z.ZodString) =>
  z
    .string()
    .max(256)
    .refine(
      value => value.includes('${') || pattern.safeParse(value).success,
      'expected lower-case letters, digits and dashes, or a template such as ${app.name}-${environment.name}',
    );

const target = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('simulate') }),
  z.strictObject({
    type: z.literal('kubernetes'),
    cluster: shortText.optional(),
    namespace: templated(definitionName),
  }),
  z.strictObject({ type: z.literal('folder'), path: text }),
  z.strictObject({
    type: z.literal('git'),
    repository: text,
    branch: shortText.default('main'),
    path: text.default('.'),
  }),
]);

const people = (isOther: (value: string) => boolean, others: string) =>
  z
    .string()
    .max(255)
    .transform((value, context) => {
      const ref = isOther(value) ? value : readApproverRef(value);
      if (ref === undefined) {
        context.addIssue(
          `expected the entity ref of a user or group such as "group:default/platform-team", ${others}, got "${value.slice(0, 80)}"`,
        );
        return z.NEVER;
      }
      return ref;
    });

const approver = people(value => value === 'owner', 'or "owner"');

/** Services are told apart by the prefix of their subject. */
const deployer = people(
  value => value === 'owner' || /^(plugin|external):\S+$/.test(value),
  '"owner", or the subject of a service such as "plugin:scaffolder"',
);

const approval = z
  .strictObject({
    approvers: z.array(approver).min(1).max(50).optional(),
    quorum: z.number().int().min(1).max(20).default(1),
    allowRequester: z.boolean().default(false),
    reasonRequired: z.boolean().default(false),
    expiresAfter: duration.optional(),
    message: z.string().max(500).optional(),
    actions: z
      .array(
        z.enum([
          'deploy',
          'rollback',
          'promote',
          'deprovision',
          'delete',
          'repair',
        ]),
      )
      .min(1)
      .optional(),
  })
  .refine(
    ({ approvers, quorum }) =>
      approvers === undefined ||
      approvers.some(one => !one.startsWith('user:')) ||
      new Set(approvers).size >= quorum,
    {
      path: ['quorum'],
      message: 'more approvals are asked for than there are approvers',
    },
  );

const amount = z.number().int().min(0).max(1_000_000);

const freeze = z.strictObject({
  name: shortText.optional(),
  reason: text.min(1),
  timezone: shortText.default('UTC'),
  from: shortText.optional(),
  to: shortText.optional(),
  cron: shortText.optional(),
  duration: duration.optional(),
});

const variableName = z
  .string()
  .max(63)
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'expected a name such as region: letters, digits and underscores',
  );

/** Keys of an environment in files (below `spec`) and in the API. */
const environmentSpecShape = {
  type: definitionName,
  order: z.number().int().default(100),
  ttl: duration.optional(),
  target: target.default({ type: 'simulate' }),
  variables: z
    .record(variableName, z.union([text, z.number(), z.boolean()]))
    .optional(),
  rules: z
    .strictObject({
      deployers: z.array(deployer).min(1).max(100).optional(),
      approval: approval.optional(),
    })
    .optional(),
  quotas: z
    .strictObject({
      applications: amount.optional(),
      resources: amount.optional(),
      resourcesByType: z.record(shortText, amount).optional(),
    })
    .optional(),
  freezes: z.array(freeze).max(50).optional(),
  budget: budgetSchema.optional(),
  concurrency: z.number().int().min(1).max(1000).optional(),
  ephemeral: z
    .strictObject({
      ttl: duration.optional(),
      maxTtl: duration.optional(),
      limit: z.number().int().min(1).max(10_000).optional(),
    })
    .optional(),
};

const metadataShape = {
  name: definitionName,
  title: shortText.optional(),
  description: text.optional(),
  owner: shortText.optional(),
};

/** A document of `kind: Environment`. */
export const environmentSchema = z.strictObject({
  apiVersion: z.literal('innominatus.dev/v1'),
  kind: z.literal('Environment'),
  metadata: z.strictObject(metadataShape),
  spec: z.strictObject(environmentSpecShape),
});

/** The same in one level, as the API takes it. */
export const environmentInputSchema = z.strictObject({
  ...metadataShape,
  ...environmentSpecShape,
});
