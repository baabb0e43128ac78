import { formatDuration, parseDuration } from '../workflow/duration';
import { PolicyDefinition, PolicyInput, UNKNOWN_STEP_TYPE } from './types';

/** What breaks a policy: by which of its keys or rules, in one sentence. */
export interface Violation {
  rule: string;
  message: string;
}

type Check = (policy: PolicyDefinition, input: PolicyInput) => Violation[];

/** Everything that a policy can ask for without an expression. */
export const LIMIT_CHECKS: readonly Check[] = [
  checkWorkflows,
  checkStepTypes,
  checkLimits,
  checkEnvironments,
  checkApprovals,
  checkExecutors,
  checkOverrides,
];

function checkWorkflows(
  { workflows }: PolicyDefinition,
  { plan }: PolicyInput,
): Violation[] {
  const all = [plan.goldenPath, ...plan.workflows];
  const missing = (workflows?.required ?? []).flatMap(({ name }) => {
    if (plan.unavailable && Object.hasOwn(plan.unavailable, name)) {
      return `The workflow "${name}" is required, and cannot be run: ${plan.unavailable[name]}`;
    }
    if (!all.includes(name)) {
      return `The workflow "${name}" is required, and "${plan.goldenPath}" does not run it.`;
    }
    return plan.mayBeSkipped?.includes(name)
      ? `The workflow "${name}" is required, and "${plan.goldenPath}" runs it under a condition only. Call it in a step without "if", "unless", "forEach" and "when: on_failure".`
      : [];
  });
  const allowed = workflows?.allowed;
  const forbidden = allowed ? all.filter(name => !allowed.includes(name)) : [];
  return [
    ...[...new Set(missing)].map(message => ({
      rule: 'workflows.required',
      message,
    })),
    ...[...new Set(forbidden)].map(name => ({
      rule: 'workflows.allowed',
      message: `The workflow "${name}" is not allowed. Allowed are: ${allowed?.join(', ')}.`,
    })),
  ];
}

function checkStepTypes(
  { stepTypes }: PolicyDefinition,
  { plan }: PolicyInput,
): Violation[] {
  const { allowed, denied } = stepTypes ?? {};
  return plan.steps.flatMap(({ name, type }) => {
    if (type === UNKNOWN_STEP_TYPE && (allowed ?? denied)) {
      return [
        {
          rule: allowed ? 'stepTypes.allowed' : 'stepTypes.denied',
          message: `What "${name.replace(/\/\?$/, '')}" calls is only known once it runs, so nobody can say whether its steps are allowed. Name the workflow, or take its name from a parameter.`,
        },
      ];
    }
    if (denied?.includes(type)) {
      return [
        {
          rule: 'stepTypes.denied',
          message: `The step "${name}" is of the type "${type}", which is denied.`,
        },
      ];
    }
    return allowed && !allowed.includes(type)
      ? [
          {
            rule: 'stepTypes.allowed',
            message: `The step "${name}" is of the type "${type}". Allowed are: ${allowed.join(', ')}.`,
          },
        ]
      : [];
  });
}

function checkLimits(
  { limits }: PolicyDefinition,
  { plan }: PolicyInput,
): Violation[] {
  const violations: Violation[] = [];
  const count = plan.steps.length;
  if (limits?.steps !== undefined && count > limits.steps) {
    violations.push({
      rule: 'limits.steps',
      message: `There are ${count} steps, at most ${limits.steps} are allowed.`,
    });
  }
  const longest = parseDuration(limits?.duration);
  if (longest !== undefined && plan.timeoutMs > longest) {
    violations.push({
      rule: 'limits.duration',
      message: `The run may take ${formatDuration(plan.timeoutMs)}, at most ${formatDuration(longest)} are allowed. Set "timeout" of the golden path.`,
    });
  }
  const width = Math.min(widestStage(plan.steps), plan.maxParallel ?? Infinity);
  if (limits?.concurrency !== undefined && width > limits.concurrency) {
    violations.push({
      rule: 'limits.concurrency',
      message: `${width} steps may be in progress at the same time, at most ${limits.concurrency} are allowed. Set "maxParallel" of the golden path.`,
    });
  }
  return violations;
}

function widestStage(steps: PolicyInput['plan']['steps']): number {
  const widths = new Map<number, number>();
  for (const { stage } of steps) {
    widths.set(stage, (widths.get(stage) ?? 0) + 1);
  }
  return Math.max(0, ...widths.values());
}

function checkEnvironments(
  { environments }: PolicyDefinition,
  { environment }: PolicyInput,
): Violation[] {
  const { allowed, allowedTypes } = environments ?? {};
  const isAllowed =
    (allowed === undefined || allowed.includes(environment.name)) &&
    (allowedTypes === undefined || allowedTypes.includes(environment.type));
  const places = [
    ...(allowed ?? []),
    ...(allowedTypes ?? []).map(type => `environments of the type ${type}`),
  ];
  return isAllowed
    ? []
    : [
        {
          rule: 'environments',
          message: `It may not go to "${environment.name}" (${environment.type}). Allowed are: ${places.join(', ')}.`,
        },
      ];
}

function checkApprovals(
  { approvals }: PolicyDefinition,
  { plan, environment }: PolicyInput,
): Violation[] {
  return approvals && plan.approvals < approvals.quorum
    ? [
        {
          rule: 'approvals',
          message: `${approvals.quorum} approvals are required, and the environment "${environment.name}" asks for ${plan.approvals}. Set "rules.approval.quorum" there.`,
        },
      ]
    : [];
}

function checkExecutors(
  { executors }: PolicyDefinition,
  { user }: PolicyInput,
): Violation[] {
  if (!executors) {
    return [];
  }
  const refs = user ? [user.ref, ...user.groups] : [];
  return refs.some(ref => executors.allowed.includes(ref.toLowerCase()))
    ? []
    : [
        {
          rule: 'executors',
          message: `${user ? `"${user.ref}"` : 'Nobody who is known'} may not start this. Allowed are: ${executors.allowed.join(', ')}.`,
        },
      ];
}

function checkOverrides(
  { overrides }: PolicyDefinition,
  { plan }: PolicyInput,
): Violation[] {
  return overrides
    ? plan.overrides
        .filter(path => !overrides.allowed.some(one => covers(one, path)))
        .map(path => ({
          rule: 'overrides',
          message: `"${path}" of the Score spec may not be overridden. Allowed are: ${overrides.allowed.join(', ') || 'none'}.`,
        }))
    : [];
}

/** Whether a pattern such as `containers.*.image` is the path, or above it. */
function covers(pattern: string, path: string): boolean {
  const parts = path.split('.');
  return pattern
    .split('.')
    .every((part, index) =>
      part === '*' ? parts[index] !== undefined : part === parts[index],
    );
}
