import {
  KubernetesObject,
  ManifestError,
  manifestFileName,
  parseManifests,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  createStepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import {
  isChildPath,
  resolveSafeChildPath,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { DefinitionRegistry } from '../definitions';
import { DeploymentOfRun } from '../deployments/DeploymentOfRun';
import { storedResources } from '../deployments/planManifests';
import { renderManifests } from '../deployments/renderManifests';
import { ResourceStore } from './types';

const renderSchema = z.strictObject({
  artifact: z.string().default('manifests'),
});

/** Step type that renders the workload of a deployment into an artifact. */
export function createRenderManifestsStepType(options: {
  deployments: DeploymentOfRun;
  registry: DefinitionRegistry;
  store: ResourceStore;
}) {
  return createStepType({
    name: 'render-manifests',
    description:
      'Renders the workload and what its providers add as Kubernetes manifests',
    schema: renderSchema,
    effects: 'none',
    onInterrupt: 'rerun',
    async run(context: StepContext<z.output<typeof renderSchema>>) {
      const { deployment, workload } = await options.deployments.find(context);
      const environment = options.registry.environment(deployment.environment);
      if (!environment) {
        throw new StepFailure(
          `The environment "${deployment.environment}" is not there any more.`,
          { code: 'ENVIRONMENT_MISSING' },
        );
      }
      const { manifests, diagnostics } = renderManifests({
        workload,
        environment,
        resources: await storedResources(workload, { ...options, environment }),
      });
      const errors = diagnostics.filter(item => item.severity === 'error');
      if (errors.length > 0) {
        throw new StepFailure(errors.map(item => item.message).join(' '), {
          code: 'MANIFEST_INVALID',
        });
      }
      for (const { message } of diagnostics) {
        context.log.warn(message);
      }
      await context.artifacts.write(context.config.artifact, toYaml(manifests));
      const objects = manifests.map(nameOf);
      context.log.info(`Rendered ${objects.join(', ')}`);
      return { outputs: { count: manifests.length, objects } };
    },
  });
}

const writeSchema = z.strictObject({
  artifact: z.string().default('manifests'),
  /** Folder; the path of the environment's target without it. */
  path: z.string().optional(),
});

/**
 * Step type that writes manifests into a folder. Folders outside of
 * `innominatus.stepTypes.write-manifests.roots` are refused; without roots the
 * step type writes nowhere.
 */
export function createWriteManifestsStepType(options: { roots: string[] }) {
  return createStepType({
    name: 'write-manifests',
    description: 'Writes manifests into a folder that the platform team allows',
    schema: writeSchema,
    effects: 'external',
    onInterrupt: 'rerun',
    async run(context: StepContext<z.output<typeof writeSchema>>) {
      const { artifact, path: configured } = context.config;
      const target = configured ?? context.environment?.path;
      if (typeof target !== 'string' || !context.application) {
        throw new StepFailure(
          'There is no folder to write to. Set "config.path", or a target of type "folder" in the environment.',
          { code: 'CONFIG_INVALID' },
        );
      }
      const text = await context.artifacts.read(artifact);
      if (text === undefined) {
        throw new StepFailure(
          `There is no artifact "${artifact}". Let a step of type "render-manifests" run before.`,
          { code: 'ARTIFACT_MISSING' },
        );
      }
      const folder = resolveSafeChildPath(
        allowedFolder(target, options.roots),
        path.join(context.application.environment, context.application.name),
      );
      const manifests = readArtifact(text).filter(manifest => {
        // A folder is no place for secrets, not even encrypted ones of ours.
        if (manifest.kind === 'Secret') {
          context.log.warn(`Left out ${nameOf(manifest)}: it holds secrets`);
        }
        return manifest.kind !== 'Secret';
      });
      const files = await writeFolder(folder, manifests);
      context.log.info(`Wrote ${files.length} files`);
      return { outputs: { count: files.length, files } };
    },
  });
}

/** Reads the folders that `write-manifests` may write to. */
export function readManifestRoots(config: Config): string[] {
  return (
    config.getOptionalStringArray(
      'innominatus.stepTypes.write-manifests.roots',
    ) ?? []
  ).map(root => path.resolve(root));
}

function allowedFolder(target: string, roots: string[]): string {
  for (const root of roots) {
    const folder = path.resolve(root, target);
    if (isChildPath(root, folder)) {
      return resolveSafeChildPath(root, path.relative(root, folder) || '.');
    }
  }
  throw new StepFailure(
    `The folder "${target}" is not below one of the folders in "innominatus.stepTypes.write-manifests.roots". Ask the platform team to allow it.`,
    { code: 'PATH_NOT_ALLOWED' },
  );
}

function readArtifact(text: string): KubernetesObject[] {
  try {
    return parseManifests(text);
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

/** The folder belongs to the application: what is not delivered any more goes. */
async function writeFolder(
  folder: string,
  manifests: KubernetesObject[],
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = new Set<string>();
  for (const manifest of manifests) {
    const name = manifestFileName(manifest);
    files.add(name);
    await writeFile(
      resolveSafeChildPath(folder, name),
      toYaml([manifest]),
      'utf8',
    );
  }
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (
      entry.isFile() &&
      /\.ya?ml$/.test(entry.name) &&
      !files.has(entry.name)
    ) {
      await rm(path.join(folder, entry.name));
    }
  }
  return [...files];
}

function nameOf(manifest: KubernetesObject): string {
  return `${manifest.kind} ${manifest.metadata.name}`;
}
