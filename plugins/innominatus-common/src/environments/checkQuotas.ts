import { EnvironmentQuotas } from '../api/types';

/**
 * What is in an environment, and what a deployment would add.
 *
 * @public
 */
export interface QuotaUse {
  environment: string;
  applications: { present: number; added: number };
  /** By resource type. */
  resources: Record<string, { present: number; added: number }>;
}

/**
 * Compares what would be in an environment with what may be. Each answer is a
 * sentence with the numbers. What adds nothing breaks no quota, also when
 * there is more than allowed already.
 *
 * @public
 */
export function checkQuotas(
  quotas: EnvironmentQuotas | undefined,
  use: QuotaUse,
): string[] {
  if (!quotas) {
    return [];
  }
  const all = Object.values(use.resources).reduce(
    (sum, { present, added }) => ({
      present: sum.present + present,
      added: sum.added + added,
    }),
    { present: 0, added: 0 },
  );
  const parts = [
    { limit: quotas.applications, what: 'applications', ...use.applications },
    { limit: quotas.resources, what: 'resources', ...all },
    ...Object.entries(quotas.resourcesByType ?? {}).map(([type, limit]) => ({
      limit,
      what: `resources of the type "${type}"`,
      ...(Object.hasOwn(use.resources, type)
        ? use.resources[type]
        : { present: 0, added: 0 }),
    })),
  ];
  return parts.flatMap(({ limit, what, present, added }) =>
    limit === undefined || added <= 0 || present + added <= limit
      ? []
      : [
          `The environment "${use.environment}" allows ${limit} ${what}. There are ${present}, and this would add ${added}.`,
        ],
  );
}
