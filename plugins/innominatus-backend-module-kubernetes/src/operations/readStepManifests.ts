import {
  containsSecretToken,
  JsonObject,
  JsonValue,
  KubernetesObject,
  ManifestError,
  parseManifests,
  readManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  readKeptManifests,
} from '@innominatus/backstage-plugin-innominatus-node';
import { describe } from '../cluster/ClusterClient';
import { OperationContext } from './types';

const DEFAULT_ARTIFACT = 'manifests';

type ManifestSource = Pick<OperationContext['step'], 'config'> & {
  artifacts: Pick<OperationContext['step']['artifacts'], 'read'>;
};

/** The objects that the step is about; secrets still are references. */
export async function readStepManifests(
  context: Pick<OperationContext, 'namespace'> & { step: ManifestSource },
): Promise<KubernetesObject[]> {
  const { step, namespace } = context;
  return inNamespace(await readSource(step), namespace);
}

/** Objects that stay where they are, because other applications need them. */
export async function readKept(
  context: Pick<OperationContext, 'namespace'> & { step: ManifestSource },
): Promise<KubernetesObject[]> {
  const { step, namespace } = context;
  const { manifest, artifact } = step.config;
  return manifest === undefined
    ? inNamespace(
        await readKeptManifests(step.artifacts, artifact ?? DEFAULT_ARTIFACT),
        namespace,
      )
    : [];
}

function inNamespace(
  manifests: readonly KubernetesObject[],
  namespace: string,
): KubernetesObject[] {
  return manifests.map(manifest => ({
    ...manifest,
    metadata: {
      ...manifest.metadata,
      namespace: manifest.metadata.namespace ?? namespace,
    },
  }));
}

async function readSource(step: ManifestSource): Promise<KubernetesObject[]> {
  const { manifest, artifact } = step.config;
  try {
    if (manifest !== undefined && artifact === undefined) {
      return typeof manifest === 'string'
        ? parseManifests(manifest)
        : readManifests(manifest as JsonValue);
    }
    if (manifest !== undefined) {
      throw new StepFailure(
        'The step names both "manifest" and "artifact". Leave one of them out.',
        { code: 'CONFIG_INVALID' },
      );
    }
    const name = artifact ?? DEFAULT_ARTIFACT;
    const text = await step.artifacts.read(name);
    if (text === undefined) {
      throw new StepFailure(
        `The run has no artifact "${name}". Put a step of type "render-manifests" before this one, or give "manifest".`,
        { code: 'KUBERNETES_MANIFESTS_MISSING' },
      );
    }
    return parseManifests(text);
  } catch (error) {
    if (error instanceof ManifestError) {
      throw new StepFailure(error.message, {
        code: 'KUBERNETES_MANIFESTS_INVALID',
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * Puts the secrets in, string by string: in the text of the whole stream a
 * quote or a line break of a password would change the YAML around it.
 *
 * `stringData` becomes `data`. The server copies the one into the other but
 * does not record that it did, so that keys which are left out later would
 * stay in the Secret for ever.
 */
export async function resolveManifestSecrets(
  manifest: KubernetesObject,
  step: Pick<StepContext, 'resolveSecrets'>,
): Promise<KubernetesObject> {
  const { stringData, ...rest } = manifest;
  const isSecret = manifest.apiVersion === 'v1' && manifest.kind === 'Secret';
  if (holdsSecret(isSecret ? rest : manifest)) {
    throw new StepFailure(
      `${describe(manifest)} holds a secret outside of the stringData of a Secret, where everybody who may read the object would see it. Put it into a Secret and refer to that.`,
      { code: 'KUBERNETES_SECRET_EXPOSED' },
    );
  }
  if (!isSecret || stringData === undefined) {
    return manifest;
  }
  const texts = await step.resolveSecrets(stringData as JsonObject);
  return {
    ...(rest as KubernetesObject),
    data: {
      ...(rest.data as JsonObject | undefined),
      ...Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [
          key,
          Buffer.from(String(text), 'utf8').toString('base64'),
        ]),
      ),
    },
  };
}

function holdsSecret(value: JsonValue): boolean {
  const text = JSON.stringify(value);
  return containsSecretToken(text) || text.includes('"$secretRef"');
}
