import {
  KubernetesObject,
  ManifestError,
  parseManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from './errors';
import { RunArtifacts } from './stepTypes';

/**
 * Name of the artifact beside an artifact with manifests that says what a step
 * has to leave where it is: objects of resources that other applications use
 * too.
 *
 * @public
 */
export function keptArtifact(artifact: string): string {
  return `${artifact}.kept`;
}

/**
 * Objects that a step neither delivers nor removes, because other applications
 * need them. Every step type that removes what is no longer delivered has to
 * ask for them.
 *
 * @public
 */
export async function readKeptManifests(
  artifacts: Pick<RunArtifacts, 'read'>,
  artifact: string,
): Promise<KubernetesObject[]> {
  const text = await artifacts.read(keptArtifact(artifact));
  if (text === undefined) {
    return [];
  }
  try {
    return parseManifests(text);
  } catch (error) {
    if (error instanceof ManifestError) {
      throw new StepFailure(
        `The artifact "${keptArtifact(artifact)}" cannot be read, so nobody knows what must not be removed: ${error.message}`,
        { code: 'MANIFEST_INVALID', cause: error },
      );
    }
    throw error;
  }
}
