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

/** Tells whether deploying the plan would change anything. */
export function hasChanges(plan: Plan): boolean {
  const { create, update, delete: removed } = plan.summary;
  return create + update + removed > 0;
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
            `${mark(resource.action, styles)} ${safeLine(name)}  ${resource.type}.${resource.class}${provider}`,
            ...resource.changes.map(
              change =>
                `    ${safeLine(change.path)}: ${shown(change.before)} -> ${shown(change.after)}`,
            ),
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
              wide && manifest.after ? `\n${indent(manifest.after)}` : ''
            }`,
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
  return sections.join('\n\n');
}

/** What is removed, one line each; asked about before it happens. */
export function planRemovals(plan: Plan): string[] {
  return plan.resources
    .filter(resource => resource.action === 'delete')
    .map(resource => `${safeLine(resource.name)} (${resource.type})`);
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

function mark(action: PlanAction, styles: Styles): string {
  return `${SIGNS[action]} ${paintState(action, styles)}${' '.repeat(6 - action.length)}`;
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
