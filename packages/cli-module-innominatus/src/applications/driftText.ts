import type {
  ApplicationDrift,
  DriftSummary,
  ManifestsDrift,
  ResourceDrift,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Styles, paintState } from '../output/styles';
import { safeLine } from '../output/text';
import { humanAge } from '../output/time';
import { changeText } from './planText';
import { ApplicationKey, formatApplication } from './reference';

const WORDS: Record<DriftSummary['status'], string> = {
  none: 'as recorded',
  drifted: 'drifted',
  missing: 'missing',
  unknown: 'unknown',
};

/** How an application differs from what is recorded, as a person reads it. */
export function driftText(
  application: ApplicationKey,
  drift: ApplicationDrift,
  styles: Styles,
): string {
  const { resources, manifests, count, status } = drift;
  const looked = resources.length > 0 || manifests !== undefined;
  const headline = looked
    ? `${count === 0 ? 'nothing drifted' : `${count} drifted`}${status === 'unknown' ? ', not all of it could be looked at' : ''}`
    : 'nobody looked yet, or nobody can';
  return [
    `${styles.bold(formatApplication(application))}: ${headline}`,
    ...(resources.length
      ? [
          [
            'Resources',
            ...resources.map(item => resourceText(item, styles)),
          ].join('\n'),
        ]
      : []),
    ...(manifests ? [manifestsText(manifests, styles)] : []),
  ].join('\n\n');
}

function resourceText(item: ResourceDrift, styles: Styles): string {
  return [
    `  ${paintState(WORDS[item.status], styles)}  ${safeLine(item.name)}  ${item.type}${ageText(item)}`,
    ...(item.message ? [`    ${safeLine(item.message)}`] : []),
    ...item.changes.map(changeText),
  ].join('\n');
}

function manifestsText(manifests: ManifestsDrift, styles: Styles): string {
  const { accepted, message, objects, status } = manifests;
  return [
    `Manifests  ${paintState(WORDS[status], styles)}${ageText(manifests)}`,
    ...(message ? [`  ${safeLine(message)}`] : []),
    ...(accepted
      ? [
          `  accepted by ${safeLine(accepted.by)} until the next deployment: ${safeLine(accepted.reason)}`,
        ]
      : []),
    ...objects.map(object =>
      [
        `  ${paintState(WORDS[object.status], styles)}  ${object.kind}/${safeLine(object.name)}`,
        ...(object.status === 'missing' ? [] : (object.changes ?? [])).map(
          changeText,
        ),
      ].join('\n'),
    ),
  ].join('\n');
}

function ageText({ since, checkedAt }: DriftSummary): string {
  return `  ${since === undefined ? '' : `since ${humanAge(since)}, `}looked at ${humanAge(checkedAt)}`;
}
