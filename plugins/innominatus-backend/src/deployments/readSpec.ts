import {
  DEFAULT_YAML_LIMITS,
  Diagnostic,
  Workload,
  findForgedSecret,
  hasErrors,
  readScore,
  sortDiagnostics,
} from '@innominatus/backstage-plugin-innominatus-common';
import { stringify } from 'yaml';
import { ProblemError } from '../http';
import { DeploymentSource } from './DeploymentSources';
import { ScorePlaces } from './ScorePlaces';

/** Reads the Score spec of a deployment; throws when it has errors. */
export function readSpec(
  source: DeploymentSource,
  name: string,
): { text: string; workload: Workload; diagnostics: Diagnostic[] } {
  const { text, file, identity, settings, warnings, ...changes } = source;
  const result = readScore(text, { file, ...changes, deployable: true });
  if (!result.workload || !result.document) {
    failOnErrors(result.diagnostics);
    throw new Error('A Score spec without errors gave no workload');
  }
  if (result.workload.name !== name) {
    const places = ScorePlaces.create({ text, file });
    places.error({
      code: 'APPLICATION_NAME_MISMATCH',
      message: `The Score spec describes "${result.workload.name}", but the application is called "${name}".`,
      pointer: '/metadata/name',
      suggestions: [
        `Write "name: ${name}", or deploy to the application "${result.workload.name}".`,
      ],
    });
    failOnErrors(places.diagnostics);
  }
  // Only the backend makes references to secrets; one in a spec is forged.
  const forged = findForgedSecret(result.document);
  if (forged !== undefined) {
    const places = ScorePlaces.create({ text, file });
    places.error({
      code: 'SECRET_REFERENCE_FORBIDDEN',
      message: 'A Score spec cannot name a stored secret.',
      pointer: forged,
      suggestions: [
        'Use a placeholder such as ${resources.db.password} instead.',
      ],
    });
    failOnErrors(places.diagnostics);
  }
  const isChanged =
    changes.overrides !== undefined ||
    (changes.overrideProperties ?? []).length > 0 ||
    changes.image !== undefined ||
    changes.sources !== undefined;
  // As its author wrote it, comments and all, when that is what is deployed.
  const final = isChanged ? stringify(result.document, { lineWidth: 0 }) : text;
  if (Buffer.byteLength(final) > DEFAULT_YAML_LIMITS.maxBytes) {
    const places = ScorePlaces.create({ text, file });
    places.error({
      code: 'SCORE_TOO_LARGE',
      message: `With its files the Score spec has ${Buffer.byteLength(final)} bytes, at most ${DEFAULT_YAML_LIMITS.maxBytes} can be kept.`,
      pointer: '/containers',
      suggestions: ['Put large files into the image, or onto a volume.'],
    });
    failOnErrors(places.diagnostics);
  }
  return {
    text: final,
    workload: result.workload,
    diagnostics: result.diagnostics,
  };
}

/** Throws all of them when one is an error. */
export function failOnErrors(diagnostics: Diagnostic[]): void {
  if (!hasErrors(diagnostics)) {
    return;
  }
  const errors = diagnostics.filter(item => item.severity === 'error');
  throw new ProblemError({
    status: 422,
    code: 'SCORE_INVALID',
    message:
      errors.length === 1
        ? errors[0].message
        : `There are ${errors.length} errors, the first is: ${errors[0].message}`,
    issues: sortDiagnostics(diagnostics),
  });
}
