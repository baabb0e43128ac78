import {
  KubernetesObject,
  ManifestError,
  canonicalJson,
  identityOf,
  parseManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from './errors';
import { InspectedManifest } from './stepTypes';

/**
 * Compares manifests that were written to files, one for each object, with what
 * the files hold now. How a file is laid out does not matter.
 *
 * @public
 */
export async function inspectManifestFiles(
  files: ReadonlyMap<string, KubernetesObject>,
  /** Answers nothing when there is no such file. */
  read: (name: string) => Promise<string | undefined>,
): Promise<InspectedManifest[]> {
  const different: InspectedManifest[] = [];
  for (const [name, recorded] of files) {
    const text = await read(name);
    const found =
      text === undefined
        ? undefined
        : readManifests(name, text).find(
            manifest => identityOf(manifest) === identityOf(recorded),
          );
    if (!found) {
      different.push({ recorded });
    } else if (canonicalJson(found) !== canonicalJson(recorded)) {
      different.push({ recorded, found });
    }
  }
  return different;
}

function readManifests(name: string, text: string): KubernetesObject[] {
  try {
    return parseManifests(text);
  } catch (error) {
    if (error instanceof ManifestError) {
      throw new StepFailure(
        `The file "${name}" holds no manifests any more: ${error.message.split('\n')[0]}`,
        { code: 'MANIFEST_INVALID', cause: error },
      );
    }
    throw error;
  }
}
