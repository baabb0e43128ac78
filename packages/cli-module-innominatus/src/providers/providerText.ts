import type { ProviderSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { Styles } from '../output/styles';
import { safeLine } from '../output/text';
import { formatIssues } from '../score/formatIssues';

const STATES: Record<ProviderSummary['state'], string> = {
  active: 'active',
  lastGood: 'last good version',
  refused: 'refused',
};

/** What of a provider or golden path is in use, in a few words. */
export function stateText(
  summary: Pick<ProviderSummary, 'state' | 'lastGoodAt'>,
): string {
  const { state, lastGoodAt } = summary;
  return state === 'lastGood' && lastGoodAt
    ? `${STATES.lastGood} of ${lastGoodAt}`
    : STATES[state];
}

export function providerText(
  provider: ProviderSummary,
  styles: Styles,
): string {
  const { name, version, title, problems } = provider;
  return [
    `${styles.bold(name)}  ${version}${title ? `  ${safeLine(title)}` : ''}`,
    ...facts({
      about: provider.description,
      owner: provider.owner,
      needs: provider.compatibility && `innominatus ${provider.compatibility}`,
      source: provider.source,
      state: stateText(provider),
    }),
    ...provider.resourceTypes.flatMap(type => typeLines(type, styles)),
    ...(problems.length > 0 ? ['Problems', formatIssues(problems)] : []),
  ].join('\n');
}

function typeLines(
  type: ProviderSummary['resourceTypes'][number],
  styles: Styles,
): string[] {
  const id = type.id === undefined ? '' : `#${type.id}`;
  const where = [
    ...type.environments,
    ...type.environmentTypes.map(name => `type ${name}`),
    ...type.targets.map(name => `target ${name}`),
  ];
  const parameters = Object.keys(
    (type.parameters?.properties as object | undefined) ?? {},
  );
  return [
    styles.bold(
      safeLine(`${type.type}${type.class ? `.${type.class}` : ''}${id}`),
    ),
    ...facts({
      about: type.description,
      managed: type.management,
      also: type.aliases.join(', '),
      where: where.join(', '),
      takes: parameters.join(', '),
      gives: type.outputs
        .map(({ name, sensitive }) => (sensitive ? `${name} (secret)` : name))
        .join(', '),
      can: type.operations
        .map(operation =>
          type.workflows[operation]
            ? `${operation} (${type.workflows[operation]})`
            : operation,
        )
        .join(', '),
    }),
  ];
}

function facts(values: Record<string, string | undefined>): string[] {
  return Object.entries(values)
    .filter(([, value]) => value)
    .map(([key, value]) => `  ${key.padEnd(7)} ${safeLine(value!)}`);
}
