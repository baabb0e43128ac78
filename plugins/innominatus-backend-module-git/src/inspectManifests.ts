import { lstat, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import {
  manifestFiles,
  parseManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  InspectContext,
  InspectedManifest,
  inspectManifestFiles,
} from '@innominatus/backstage-plugin-innominatus-node';
import { gitEnvironment } from './git/gitEnvironment';
import { GitRepository } from './git/GitRepository';
import { GitConfig } from './readGitConfig';
import { readTarget } from './readTarget';
import { GitCommitManifestsConfig } from './schema';

/**
 * Compares what was committed with the newest commit of the branch. Nothing
 * where a step took the manifests away.
 */
export async function inspectManifests(
  context: InspectContext<GitCommitManifestsConfig>,
  config: GitConfig,
): Promise<InspectedManifest[] | undefined> {
  const { artifact, operation, author } = context.config;
  const text = await context.artifacts.read(artifact);
  if (operation === 'delete' || text === undefined) {
    return undefined;
  }
  const target = readTarget(context, config);
  const scratch = await context.workspace();
  const home = join(scratch, 'home');
  const directory = join(scratch, 'repository');
  await mkdir(home);
  await mkdir(directory);
  const repository = await GitRepository.open({
    directory,
    url: target.url,
    branch: target.branch,
    environment: gitEnvironment({
      home,
      url: target.url,
      config,
      author: author ?? config.author,
    }),
    signal: context.signal,
  });
  await repository.checkOut();
  const committed = parseManifests(text).filter(
    ({ apiVersion, kind }) => apiVersion !== 'v1' || kind !== 'Secret',
  );
  return inspectManifestFiles(manifestFiles(committed), name =>
    readCommitted(directory, join(target.path, name)),
  );
}

/** A link could lead out of the work tree; it is no manifest of ours. */
async function readCommitted(
  directory: string,
  name: string,
): Promise<string | undefined> {
  const path = resolveSafeChildPath(directory, name);
  const info = await lstat(path).catch(() => undefined);
  return info?.isFile() ? readFile(path, 'utf8') : undefined;
}
