import {
  JsonObject,
  JsonValue,
  KubernetesObject,
  ManifestError,
  containsSecretToken,
  identityOf,
  parseManifests,
  readManifests,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  createStepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';

const manifestObject = z.record(z.string(), z.any()) as z.ZodType<JsonObject>;

const schema = z.strictObject({
  /** Manifests in place, as YAML text or as objects. */
  manifest: z.union([z.string(), manifestObject, z.array(manifestObject)]),
  /** Artifact of the run that they are added to. */
  artifact: z.string().min(1).default('manifests'),
});

type Step = StepContext<z.output<typeof schema>>;

/**
 * Step type that adds manifests to an artifact of the run, from where steps
 * apply, commit or write them. An object that is there already is replaced, so
 * that a second attempt changes nothing.
 */
export const manifestsStepType = createStepType({
  name: 'manifests',
  description: 'Adds manifests to those that later steps deliver',
  schema,
  effects: 'none',
  onInterrupt: 'rerun',
  async run(context: Step) {
    const { artifact } = context.config;
    const added = read(context);
    for (const manifest of added) {
      refuseSecrets(manifest);
    }
    const before = await context.artifacts.read(artifact);
    const all = new Map(
      (before === undefined ? [] : parseManifests(before)).map(manifest => [
        identityOf(manifest),
        manifest,
      ]),
    );
    for (const manifest of added) {
      all.set(identityOf(manifest), manifest);
      context.log.info(`Added ${manifest.kind} ${manifest.metadata.name}`);
    }
    await context.artifacts.write(artifact, toYaml([...all.values()]));
    return { outputs: { count: all.size } };
  },
});

function read({ config }: Step): KubernetesObject[] {
  try {
    return typeof config.manifest === 'string'
      ? parseManifests(config.manifest)
      : readManifests(config.manifest as JsonValue);
  } catch (error) {
    if (error instanceof ManifestError) {
      throw new StepFailure(error.message, {
        code: 'MANIFEST_INVALID',
        cause: error,
      });
    }
    throw error;
  }
}

/** A secret may only be in a Secret, as text that is filled in when it is applied. */
function refuseSecrets(manifest: KubernetesObject): void {
  const { stringData, ...rest } = manifest;
  const isSecret = manifest.apiVersion === 'v1' && manifest.kind === 'Secret';
  const text = JSON.stringify(isSecret ? rest : manifest);
  if (containsSecretToken(text) || text.includes('"$secretRef"')) {
    throw new StepFailure(
      `${manifest.kind} ${manifest.metadata.name} holds a secret outside of the stringData of a Secret, where everybody who may read the object would see it.`,
      { code: 'MANIFEST_SECRET_EXPOSED' },
    );
  }
}
