import type { ApplicationDiff } from '@innominatus/backstage-plugin-innominatus-common';
import { Styles } from '../output/styles';
import { safeLine, safeText } from '../output/text';
import { changeText, mark } from './planText';
import { formatApplication } from './reference';

/** What differs between two applications, as a person reads it. */
export function diffText(diff: ApplicationDiff, styles: Styles): string {
  const { from, to, score, resources, manifests } = diff;
  const place = (side: ApplicationDiff['from']) =>
    `${formatApplication(side)} (${side.revision === undefined ? 'nothing deployed' : `revision ${side.revision}`})`;
  const changedResources = resources.filter(({ action }) => action !== 'keep');
  const changedManifests = manifests.filter(({ action }) => action !== 'keep');
  return [
    styles.bold(`From ${place(from)} to ${place(to)}`),
    score
      ? ['Score spec', ...diffLines(score, 2)].join('\n')
      : 'The Score specs are the same.',
    ...(changedResources.length
      ? [
          [
            'Resources',
            ...changedResources.map(({ action, name, type, changes }) =>
              [
                `  ${mark(action, styles)} ${safeLine(name)}  ${type}`,
                ...changes.map(change => `  ${changeText(change)}`),
              ].join('\n'),
            ),
          ].join('\n'),
        ]
      : []),
    ...changedManifests.map(({ action, kind, name, diff: text }) =>
      [
        `${mark(action, styles)} ${kind}/${safeLine(name)}`,
        ...diffLines(text ?? '', 2),
      ].join('\n'),
    ),
  ].join('\n\n');
}

/** Each line for itself, as far in as it is: none may move the cursor. */
export function diffLines(diff: string, indent: number): string[] {
  return diff
    .split('\n')
    .map(line => `${' '.repeat(indent)}${safeText(line).replace(/\s/g, ' ')}`);
}
