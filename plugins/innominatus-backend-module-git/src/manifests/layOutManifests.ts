import {
  containsSecretToken,
  KubernetesObject,
  manifestFiles,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';

/** Files by name, and what must not become a file. */
export interface ManifestLayout {
  files: Map<string, string>;
  /** Names of the Secrets that are left out. */
  leftOut: string[];
}

/** Gives each object a file of its own; Secrets stay out of Git. */
export function layOutManifests(
  manifests: readonly KubernetesObject[],
): ManifestLayout {
  const isSecret = ({ apiVersion, kind }: KubernetesObject) =>
    apiVersion === 'v1' && kind === 'Secret';
  const written = manifestFiles(
    manifests.filter(manifest => !isSecret(manifest)),
  );
  const files = new Map<string, string>();
  for (const [name, manifest] of written) {
    const text = toYaml([manifest]);
    if (containsSecretToken(text)) {
      throw new StepFailure(
        `${manifest.kind} "${manifest.metadata.name}" holds a secret, which must not be committed. Put it into a Secret and refer to that.`,
        { code: 'GIT_SECRET_EXPOSED' },
      );
    }
    files.set(name, text);
  }
  return {
    files,
    leftOut: manifests.filter(isSecret).map(({ metadata }) => metadata.name),
  };
}
