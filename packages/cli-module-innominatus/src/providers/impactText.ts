import type {
  ApplicationImpact,
  DefinitionChange,
  GoldenPathImpact,
  Impact,
  ResourceImpact,
  StepChanges,
} from '@innominatus/backstage-plugin-innominatus-common';
import { diffLines } from '../applications/diffText';
import { Styles } from '../output/styles';
import { safeLine } from '../output/text';
import { formatIssues } from '../score/formatIssues';

const EFFECTS: Record<ResourceImpact['effect'], string> = {
  refused: 'could not be deployed any more',
  update: 'is updated with the next deployment',
  otherwise: 'stays, and is done in another way from then on',
};

/** What other definitions would change, for people. */
export function impactText(impact: Impact, styles: Styles): string {
  const { definitions, problems, items, looked } = impact;
  return [
    ...(problems.length > 0 ? ['Problems', formatIssues(problems)] : []),
    definitions.length > 0 ? 'Definitions' : 'No definition is different.',
    ...definitions.flatMap(change => [
      at(2, definitionText(change)),
      ...(change.diff ? diffLines(change.diff, 4) : []),
    ]),
    ...items.flatMap(item => applicationLines(item, styles)),
    `${items.length} of ${looked} applications would be deployed in another way.`,
  ].join('\n');
}

function definitionText(definition: DefinitionChange): string {
  const { kind, name, change, before, after } = definition;
  const versions =
    before?.version !== after?.version
      ? `  ${before?.version ?? '-'} -> ${after?.version ?? '-'}`
      : '';
  return `${change} ${kind} ${name}${versions}`;
}

function applicationLines(item: ApplicationImpact, styles: Styles): string[] {
  return [
    styles.bold(safeLine(`${item.environment}/${item.name}`)),
    ...item.resources.flatMap(resourceLines),
    ...(item.goldenPath ? goldenPathLines(item.goldenPath) : []),
  ];
}

function resourceLines(resource: ResourceImpact): string[] {
  const { name, type, effect, before, after } = resource;
  const side = (value: typeof before) =>
    value ? `${value.provider} ${value.version}` : 'nobody';
  return [
    at(2, `${name} (${type}) ${EFFECTS[effect]}`),
    ...(side(before) === side(after)
      ? []
      : [at(4, `provider ${side(before)} -> ${side(after)}`)]),
    ...resource.params.map(change =>
      at(
        4,
        `param ${change.path}: ${text(change.before)} -> ${text(change.after)}`,
      ),
    ),
    ...resource.operations.map(operation =>
      at(
        4,
        `${operation.operation} ${workflowText(operation)}${stepsText(operation.steps)}`,
      ),
    ),
    ...outputLines(resource),
    ...issueLines(resource.issues),
  ];
}

function workflowText({
  before,
  after,
}: ResourceImpact['operations'][number]): string {
  return before === after
    ? `${after ?? 'values'}`
    : `${before ?? 'values'} -> ${after ?? 'values'}`;
}

function stepsText(steps: StepChanges): string {
  return [
    ...steps.added.map(name => `+${name}`),
    ...steps.removed.map(name => `-${name}`),
    ...steps.changed.map(name => `~${name}`),
  ]
    .map(name => ` ${name}`)
    .join('');
}

function outputLines({ outputs }: ResourceImpact): string[] {
  const changes = { ...outputs, changed: [] };
  return outputs.added.length + outputs.removed.length > 0
    ? [at(4, `outputs ${stepsText(changes)}`)]
    : [];
}

function goldenPathLines(path: GoldenPathImpact): string[] {
  const { name, before, after, effect, steps, parameters, issues } = path;
  return [
    at(
      2,
      `golden path ${name} ${before?.version ?? ''} -> ${after ? (after.version ?? '') : 'gone'}${effect === 'refused' ? ', could not be deployed any more' : ''}`,
    ),
    ...(stepsText(steps) ? [at(4, `steps ${stepsText(steps)}`)] : []),
    ...(stepsText(parameters)
      ? [at(4, `params ${stepsText(parameters)}`)]
      : []),
    ...issueLines(issues),
  ];
}

function issueLines(issues: ResourceImpact['issues']): string[] {
  return issues.map(({ message, code }) => at(4, `! ${message} (${code})`));
}

function text(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}

/** Blanks of a value would be taken together, so the indent is put outside. */
function at(indent: number, value: string): string {
  return `${' '.repeat(indent)}${safeLine(value)}`;
}
