import type { Environment } from '@innominatus/backstage-plugin-innominatus-common';
import { targetText } from '../applications/targetText';
import { Styles } from '../output/styles';
import { safeLine } from '../output/text';

/** An environment for people: what it is, what holds there, and until when. */
export function environmentText(
  environment: Environment,
  styles: Styles,
): string {
  const { rules, quotas, copyOf, ephemeral } = environment;
  const lines: Array<[string, string | undefined]> = [
    ['type', environment.type],
    ['target', targetText(environment.target)],
    ['state', environment.state],
    ['owner', environment.owner],
    ['made from', copyOf && copyText(copyOf)],
    ['ends', environment.expiresAt],
    ['variables', pairs(environment.variables)],
    ['deployers', rules?.deployers?.join(', ')],
    ['approvers', rules?.approval?.approvers?.join(', ')],
    [
      'quotas',
      quotas &&
        pairs({
          ...(quotas.applications === undefined
            ? {}
            : { applications: quotas.applications }),
          ...(quotas.resources === undefined
            ? {}
            : { resources: quotas.resources }),
          ...quotas.resourcesByType,
        }),
    ],
    ['runs at once', environment.concurrency?.toString()],
    ['ephemeral', ephemeral && `copies live ${ephemeral.ttl ?? 'as usual'}`],
    ['defined in', environment.source],
    ['made by', environment.createdBy],
  ];
  return [
    styles.bold(environment.name),
    ...lines.flatMap(([title, value]) =>
      value === undefined || value === ''
        ? []
        : [`  ${title.padEnd(13)}${safeLine(value)}`],
    ),
    ...(environment.freezes ?? []).map(
      freeze =>
        `  ${'frozen'.padEnd(13)}${safeLine(
          `${freeze.cron ?? freeze.from} ${freeze.duration ? `for ${freeze.duration}` : `to ${freeze.to}`} (${freeze.timezone}): ${freeze.reason}`,
        )}`,
    ),
    ...(environment.description
      ? [`  ${safeLine(environment.description)}`]
      : []),
  ].join('\n');
}

function copyText(copyOf: NonNullable<Environment['copyOf']>): string {
  const { environment, project, branch, pullRequest } = copyOf;
  const what =
    pullRequest === undefined
      ? `branch ${branch}`
      : `pull request ${pullRequest}`;
  return `${environment}, ${project === undefined ? '' : `${project} `}${what}`;
}

function pairs(
  values: Record<string, string | number | boolean> | undefined,
): string | undefined {
  return (
    values &&
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')
  );
}
