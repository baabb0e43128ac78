import { walkStrings, parseTemplate } from '../workflow/references';
import { Report } from '../workflow/compile/report';
import { HEALTH_CHECK_CONFIGS } from './life';
import { ProviderResourceType } from './types';

/** First words in the config of a health check: what is stored with a resource. */
const HEALTH_ROOTS = ['params', 'outputs', 'resource', 'environment'];

/** Checks what a resource type says about the life of its resources. */
export function checkLife(
  resourceType: ProviderResourceType,
  place: { report: Report; pointer: string },
): void {
  const { healthCheck, operations, type } = resourceType;
  if (!healthCheck) {
    return;
  }
  const { report } = place;
  const pointer = `${place.pointer}/healthCheck`;
  const { config } = healthCheck;
  if (isKnown(healthCheck.type)) {
    const result = HEALTH_CHECK_CONFIGS[healthCheck.type].safeParse(config);
    for (const issue of result.error?.issues ?? []) {
      report.error(
        'DEFINITION_INVALID_VALUE',
        [`${pointer}/config`, ...issue.path.map(String)].join('/'),
        `The health check of "${type}" is not right: ${issue.message}.`,
      );
    }
  }
  if (
    healthCheck.type === 'workflow' &&
    config.workflow === undefined &&
    operations.read.workflow === undefined
  ) {
    report.error(
      'DEFINITION_INVALID_VALUE',
      pointer,
      `The health check of "${type}" names no workflow, and there is no "operations.read.workflow". Add one of them.`,
    );
  }
  walkStrings(config, `${pointer}/config`, (text, at) => {
    for (const part of parseTemplate(text)) {
      if (part.kind === 'broken') {
        report.error('TEMPLATE_INVALID', at, part.problem);
      } else if (
        part.kind === 'reference' &&
        !HEALTH_ROOTS.includes(part.reference.path[0])
      ) {
        report.error(
          'TEMPLATE_UNKNOWN_REFERENCE',
          at,
          `The reference "${part.reference.raw}" cannot be used in a health check. Expected one of ${HEALTH_ROOTS.join(', ')}; write "$$" for a plain "$".`,
        );
      }
    }
  });
}

function isKnown(type: string): type is keyof typeof HEALTH_CHECK_CONFIGS {
  return Object.hasOwn(HEALTH_CHECK_CONFIGS, type);
}
