import { JsonObject } from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepFailure,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { referencesToMarkers } from './RunSecrets';

const SHOWN_ISSUES = 5;

/**
 * Checks the interpolated config of a step.
 *
 * A secret is a reference, an object, where its author wrote a string. When
 * the schema wants text, the config is read again with markers in their place;
 * `resolveSecrets` understands both.
 */
export function readStepConfig(
  stepType: StepType,
  config: JsonObject,
): unknown {
  const first = stepType.schema.safeParse(config);
  if (first.success) {
    return first.data;
  }
  const second = stepType.schema.safeParse(referencesToMarkers(config));
  if (second.success) {
    return second.data;
  }
  const issues = second.error.issues.slice(0, SHOWN_ISSUES).map(issue => {
    const place = issue.path.map(String).join('.');
    return place ? `"config.${place}": ${issue.message}` : issue.message;
  });
  throw new StepFailure(
    `The config of a step of type "${stepType.name}" is not valid. ${issues.join('; ')}`,
    { code: 'CONFIG_INVALID' },
  );
}
