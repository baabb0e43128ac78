import {
  isChildPath,
  resolveSafeChildPath,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import {
  KubernetesObject,
  ManifestError,
  manifestFiles,
  parseManifests,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  InspectContext,
  InspectedManifest,
  StepContext,
  StepFailure,
  createStepType,
  inspectManifestFiles,
  readKeptManifests,
} from '@innominatus/backstage-plugin-innominatus-node';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const schema = z.strictObject({
  /** `delete` takes away what an earlier deployment wrote. */
  operation: z.enum(['write', 'delete']).default('write'),
  artifact: z.string().default('manifests'),
  /** Folder; the path of the environment's target without it. */
  path: z.string().optional(),
  /** Removes what an earlier run wrote and this one does not. */
  prune: z.boolean().default(true),
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
    schema,
    effects: 'external',
    onInterrupt: 'rerun',
    async run(context: StepContext<z.output<typeof schema>>) {
      const { artifact, operation, prune, path: configured } = context.config;
      const target = configured ?? context.environment?.path;
      const owner = ownerOf(context);
      if (typeof target !== 'string' || owner === undefined) {
        throw new StepFailure(
          'There is no folder to write to. Set "config.path", or a target of type "folder" in the environment.',
          { code: 'CONFIG_INVALID' },
        );
      }
      const folder = resolveSafeChildPath(
        allowedFolder(target, options.roots),
        owner,
      );
      const kept = await readKeptManifests(context.artifacts, artifact);
      if (operation === 'delete') {
        const files = await writeFolder(folder, [], { prune: true, kept });
        context.log.info(`Removed ${files.removed.length} files`);
        return { outputs: { count: 0, files: [] } };
      }
      const text = await context.artifacts.read(artifact);
      if (text === undefined) {
        throw new StepFailure(
          `There is no artifact "${artifact}". Let a step of type "render-manifests" run before.`,
          { code: 'ARTIFACT_MISSING' },
        );
      }
      const manifests = readArtifact(text).filter(manifest => {
        // A folder is no place for secrets, not even encrypted ones of ours.
        if (manifest.kind === 'Secret') {
          context.log.warn(`Left out ${nameOf(manifest)}: it holds secrets`);
        }
        return manifest.kind !== 'Secret';
      });
      const files = await writeFolder(folder, manifests, { prune, kept });
      context.log.info(`Wrote ${files.written.length} files`);
      return {
        outputs: { count: files.written.length, files: files.written },
      };
    },
    inspect: context => inspectFolder(context, options.roots),
  });
}

/** Looks what became of the files; nothing where none were written. */
async function inspectFolder(
  context: InspectContext<z.output<typeof schema>>,
  roots: string[],
): Promise<InspectedManifest[] | undefined> {
  const { application, artifacts, config, environment } = context;
  const target = config.path ?? environment.path;
  const text = await artifacts.read(config.artifact);
  if (
    config.operation === 'delete' ||
    typeof target !== 'string' ||
    text === undefined
  ) {
    return undefined;
  }
  const folder = resolveSafeChildPath(
    allowedFolder(target, roots),
    path.join(application.environment, application.name),
  );
  const written = readArtifact(text).filter(({ kind }) => kind !== 'Secret');
  return inspectManifestFiles(manifestFiles(written), async name => {
    try {
      return await readFile(resolveSafeChildPath(folder, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
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

/** Folder of what the run is about; a golden path without a workload names where. */
function ownerOf(
  context: StepContext<z.output<typeof schema>>,
): string | undefined {
  const { application, config, run } = context;
  if (application) {
    return path.join(application.environment, application.name);
  }
  return config.path === undefined ? undefined : run.workflow;
}

/**
 * The folder belongs to the application: what is not delivered any more goes,
 * but not what other applications need.
 */
async function writeFolder(
  folder: string,
  manifests: KubernetesObject[],
  options: { prune: boolean; kept: KubernetesObject[] },
): Promise<{ written: string[]; removed: string[] }> {
  await mkdir(folder, { recursive: true });
  const files = manifestFiles(manifests);
  for (const [name, manifest] of files) {
    await writeFile(
      resolveSafeChildPath(folder, name),
      toYaml([manifest]),
      'utf8',
    );
  }
  const kept = manifestFiles(options.kept);
  const removed: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (
      options.prune &&
      entry.isFile() &&
      /\.ya?ml$/.test(entry.name) &&
      !files.has(entry.name) &&
      !kept.has(entry.name)
    ) {
      await rm(path.join(folder, entry.name));
      removed.push(entry.name);
    }
  }
  return { written: [...files.keys()], removed };
}

function nameOf(manifest: KubernetesObject): string {
  return `${manifest.kind} ${manifest.metadata.name}`;
}
