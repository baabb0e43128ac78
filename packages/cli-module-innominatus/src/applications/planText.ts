import type {
  Plan,
  PlanAction,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Styles, paintState } from '../output/styles';
import { count, safeLine } from '../output/text';
import { humanDuration } from '../output/time';
import { formatApplication } from './reference';

const SIGNS: Record<PlanAction, string> = {
  create: '+',
  update: '~',
  keep: '=',
  delete: '-',
};

/** Fields of a manifest in the short form. */
const MOST_FIELDS = 5;

/** Tells whether deploying the plan would change anything. */
export function hasChanges(plan: Plan): boolean {
  const { create, update, delete: removed } = plan.summary;
  return (
    create + update + removed > 0 ||
    plan.manifests.some(({ action }) => action !== 'keep')
  );
}

/** `2 to create, 1 to update, 3 to keep`. */
function planSummary(plan: Plan): string {
  const parts = Object.keys(SIGNS)
    .map(action => [plan.summary[action as PlanAction], action] as const)
    .filter(([amount]) => amount > 0)
    .map(([amount, action]) => `${amount} to ${action}`);
  return parts.length ? parts.join(', ') : 'nothing to change';
}

/** The plan as a person reads it. */
export function planText(plan: Plan, styles: Styles, wide: boolean): string {
  const sections = [
    `${styles.bold(`Plan for ${formatApplication(plan)}`)}: ${planSummary(plan)}`,
  ];
  if (plan.resources.length) {
    sections.push(
      section(
        'Resources',
        plan.resources.map(resource => {
          const provider = resource.provider
            ? ` by ${resource.provider.name} ${resource.provider.version}`
            : '';
          const name = wide
            ? `${resource.name} (${resource.uid})`
            : resource.name;
          return [
            `${mark(resource.action, styles)} ${safeLine(name)}  ${resource.type}.${resource.class}${managed(resource, wide)}${provider}`,
            ...resource.changes.map(changeText),
          ].join('\n');
        }),
      ),
    );
  }
  if (plan.manifests.length) {
    sections.push(
      section(
        'Manifests',
        plan.manifests.map(
          manifest =>
            `${mark(manifest.action, styles)} ${manifest.kind}/${safeLine(manifest.name)}${
              wide && manifest.diff ? `\n${indent(manifest.diff)}` : ''
            }${manifest.action === 'update' && !wide ? fields(manifest) : ''}`,
        ),
      ),
    );
  }
  sections.push(
    section(
      `Steps of ${plan.goldenPath.name} (about ${humanDuration(plan.estimatedSeconds * 1000)})`,
      plan.steps.map(step => {
        const after = step.dependsOn.length
          ? styles.dim(`  after ${step.dependsOn.join(', ')}`)
          : '';
        return `  ${safeLine(step.title ?? step.name)}${after}`;
      }),
    ),
  );
  return [...sections, ...verdicts(plan)].join('\n\n');
}

/** What is removed, one line each; asked about before it happens. */
export function planRemovals(plan: Plan): string[] {
  return plan.resources
    .filter(resource => resource.action === 'delete')
    .map(
      resource =>
        `${safeLine(resource.name)} (${resource.type}${resource.management === 'external' ? ', only forgotten' : ''})`,
    );
}

/** That nobody here makes it is worth a word in the short form, too. */
function managed(
  { management }: Plan['resources'][number],
  wide: boolean,
): string {
  return management === undefined || (management === 'native' && !wide)
    ? ''
    : `, ${management}`;
}

/** One line for the stderr of `deploy`. */
export function planHeadline(plan: Plan): string {
  return `Plan for ${formatApplication(plan)}: ${planSummary(plan)}, ${count(
    plan.steps.length,
    'step',
  )}, about ${humanDuration(plan.estimatedSeconds * 1000)}.`;
}

function section(title: string, lines: string[]): string {
  return [title, ...lines.map(line => `  ${line}`)].join('\n');
}

/** A sign and a word for what happens. */
export function mark(action: PlanAction, styles: Styles): string {
  return `${SIGNS[action]} ${paintState(action, styles)}${' '.repeat(6 - action.length)}`;
}

/** One field before and after. */
export function changeText(change: {
  path: string;
  before?: unknown;
  after?: unknown;
}): string {
  return `    ${safeLine(change.path)}: ${shown(change.before)} -> ${shown(change.after)}`;
}

/** The first changes of a manifest; all of them are in the wide form. */
function fields({ changes = [] }: Plan['manifests'][number]): string {
  const first = changes.slice(0, MOST_FIELDS).map(changeText);
  const more = changes.length - first.length;
  return [...first, ...(more > 0 ? [`    and ${more} more`] : [])]
    .map(line => `\n${line}`)
    .join('');
}

/** What policies, the budget and experience say. */
function verdicts(plan: Plan): string[] {
  const { policies, cost, warnings, approval } = plan;
  return [
    ...(warnings.length
      ? [
          section(
            'Good to know',
            warnings.map(({ message }) => safeLine(message)),
          ),
        ]
      : []),
    ...(policies.length
      ? [
          section(
            'Policies',
            policies.map(
              ({ name, result, message }) =>
                `${result.padEnd(4)} ${safeLine(name)}${message ? `: ${safeLine(message)}` : ''}`,
            ),
          ),
        ]
      : []),
    ...(cost
      ? [
          section(`Cost: ${priceText(cost, cost.monthly)} per month`, [
            ...(cost.monthlyBefore === undefined
              ? []
              : [`now ${priceText(cost, cost.monthlyBefore)}`]),
            ...cost.items.map(
              ({ resource, type, monthly }) =>
                `${safeLine(resource)} (${type}) ${priceText(cost, monthly)}`,
            ),
            ...(cost.unpriced.length
              ? [`without a price: ${cost.unpriced.map(safeLine).join(', ')}`]
              : []),
            ...(cost.budget?.message ? [cost.budget.message] : []),
          ]),
        ]
      : []),
    ...(approval
      ? [
          `Needs ${approval.quorum} approval of ${approval.approvers?.map(safeLine).join(', ') ?? 'anybody who may approve'} before it begins.`,
        ]
      : []),
  ];
}

function priceText(
  { currency }: NonNullable<Plan['cost']>,
  value: number,
): string {
  return `${value.toFixed(2)} ${currency}`;
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : safeLine(JSON.stringify(value));
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map(line => `      ${line}`)
    .join('\n');
}
