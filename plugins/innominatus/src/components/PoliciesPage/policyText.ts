import {
  PolicyDefinition,
  PolicySelector,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { formatLength } from '../../lib/duration';
import { Text } from '../../translation';

const SELECTORS = [
  'environments',
  'environmentTypes',
  'goldenPaths',
  'actions',
  'products',
  'applications',
  'owners',
] as const satisfies Array<keyof PolicySelector>;

/** What a policy is asked about; all of it has to fit. */
export function selectorTexts(selector: PolicySelector, t: Text): string[] {
  return SELECTORS.flatMap(key => {
    const values = selector[key];
    return values
      ? t(`policies.selector.${key}`, { names: values.join(', ') })
      : [];
  });
}

/** What a policy asks for, besides its rules. */
export function demandTexts(policy: PolicyDefinition, t: Text): string[] {
  const { workflows, stepTypes, limits, environments } = policy;
  const { approvals, executors, overrides } = policy;
  const named = (
    key:
      | 'requiredWorkflows'
      | 'allowedWorkflows'
      | 'allowedStepTypes'
      | 'deniedStepTypes'
      | 'environments'
      | 'environmentTypes'
      | 'executors'
      | 'overrides',
    values: string[] | undefined,
  ) =>
    values ? [t(`policies.demand.${key}`, { names: values.join(', ') })] : [];
  const numbered = (key: 'steps' | 'concurrency', value: number | undefined) =>
    value === undefined
      ? []
      : [t(`policies.demand.${key}`, { number: String(value) })];
  return [
    ...named(
      'requiredWorkflows',
      workflows?.required?.map(({ name, phase }) =>
        phase === undefined ? name : `${name} (${phase})`,
      ),
    ),
    ...named('allowedWorkflows', workflows?.allowed),
    ...named('allowedStepTypes', stepTypes?.allowed),
    ...named('deniedStepTypes', stepTypes?.denied),
    ...numbered('steps', limits?.steps),
    ...(limits?.duration === undefined
      ? []
      : [
          t('policies.demand.duration', {
            duration: lengthOf(limits.duration),
          }),
        ]),
    ...numbered('concurrency', limits?.concurrency),
    ...named('environments', environments?.allowed),
    ...named('environmentTypes', environments?.allowedTypes),
    ...(approvals
      ? [t('policies.demand.quorum', { count: approvals.quorum })]
      : []),
    ...named('executors', executors?.allowed),
    ...named('overrides', overrides?.allowed),
  ];
}

function lengthOf(duration: string): string {
  const ms = parseDuration(duration);
  return ms === undefined ? duration : formatLength(ms);
}
