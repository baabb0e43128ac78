import type {
  Application,
  ApplicationSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Styles, paintState } from '../output/styles';
import { Column } from '../output/table';
import { safeLine } from '../output/text';
import { humanAge } from '../output/time';
import { formatApplication } from './reference';

/** Columns of a list of applications. */
export const applicationColumns: readonly Column<ApplicationSummary>[] = [
  { title: 'Application', value: formatApplication },
  { title: 'Status', value: item => item.status, state: true },
  { title: 'Revision', value: item => item.revision },
  { title: 'Version', value: item => item.version },
  { title: 'Updated', value: item => humanAge(item.updatedAt) },
  { title: 'Owner', value: item => item.owner },
  { title: 'Type', value: item => item.environmentType, wide: true },
  { title: 'Entity', value: item => item.entityRef, wide: true },
  {
    title: 'Last run',
    value: item => item.lastDeployment?.runNumber,
    wide: true,
  },
  { title: 'Updated at', value: item => item.updatedAt, wide: true },
];

/** An application with its last deployment and its resources. */
export function applicationText(
  application: Application,
  styles: Styles,
  wide: boolean,
): string {
  const { lastDeployment } = application;
  const rows: Array<[string, string | number | undefined]> = [
    ['revision', application.revision],
    ['version', application.version],
    ['owner', application.owner],
    ['entity', application.entityRef],
    [
      'last run',
      lastDeployment &&
        `${lastDeployment.runNumber ?? lastDeployment.runId ?? '-'} (${lastDeployment.action}, ${humanAge(lastDeployment.createdAt)}, by ${lastDeployment.createdBy})`,
    ],
    ['waiting', lastDeployment?.waiting?.message],
    ['see', lastDeployment?.waiting?.link?.url],
    [
      'drift',
      application.drift?.count
        ? `${application.drift.count} not as recorded; see: innominatus apps drift ${formatApplication(application)}`
        : undefined,
    ],
    ['failure', lastDeployment?.failure?.error.message],
  ];
  const sections = [
    [
      styles.bold(formatApplication(application)),
      `  status    ${paintState(application.status, styles)}`,
      ...rows
        .filter(([, value]) => value !== undefined)
        .map(
          ([title, value]) => `  ${title.padEnd(9)} ${safeLine(String(value))}`,
        ),
    ].join('\n'),
  ];
  if (application.resources.length) {
    sections.push(
      ['Resources', ...resourceLines(application, styles)].join('\n'),
    );
  }
  if (wide && application.score) {
    sections.push(`Score spec\n${application.score.trimEnd()}`);
  }
  return sections.join('\n');
}

function resourceLines(application: Application, styles: Styles): string[] {
  return application.resources.flatMap(resource => [
    `  ${safeLine(resource.name)}  ${resource.type}.${resource.class}  ${paintState(resource.state, styles)}`,
    ...(resource.error ? [`    ${styles.red(safeLine(resource.error))}`] : []),
    ...resource.hints.map(
      hint => `    ${safeLine(hint.label)}: ${safeLine(hint.value)}`,
    ),
  ]);
}
