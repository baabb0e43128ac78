import {
  ManifestError,
  parseManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepType,
  createStepType,
  StepContext,
  StepFailure,
  StepResult,
  readKeptManifests,
} from '@innominatus/backstage-plugin-innominatus-node';
import { commitMessage } from './commitMessage';
import { GitRepository } from './git/GitRepository';
import {
  inScratch,
  openRepository,
  redactCredentials,
} from './git/openRepository';
import { pushWithRetry } from './git/pushWithRetry';
import { inspectManifests } from './inspectManifests';
import { layOutManifests } from './manifests/layOutManifests';
import { ManifestFolder } from './manifests/ManifestFolder';
import { GitConfig } from './readGitConfig';
import { CommitTarget, readTarget } from './readTarget';
import { GitCommitManifestsConfig, gitCommitManifestsSchema } from './schema';
import { undoCommit, undoCommitWarnings } from './undoCommit';

type Step = StepContext<GitCommitManifestsConfig>;

/**
 * The step type `git-commit-manifests`: keeps a folder of a repository equal
 * to the manifests of the run.
 *
 * @public
 */
export function createGitCommitManifestsStepType(config: GitConfig): StepType {
  return createStepType({
    name: 'git-commit-manifests',
    description:
      'Commits the manifests of the run to a Git repository, one file for each object',
    schema: gitCommitManifestsSchema,
    effects: 'external',
    // The same content makes no second commit.
    onInterrupt: 'rerun',
    run: step => commitManifests(step, config),
    undo: context => undoCommit(context, config),
    undoWarnings: context => undoCommitWarnings(context, config),
    inspect: context => inspectManifests(context, config),
  });
}

async function commitManifests(
  step: Step,
  config: GitConfig,
): Promise<StepResult> {
  const target = readTarget(step, config);
  const files = await readFiles(step);
  const kept = await readKeptNames(step);
  redactCredentials(step, target.url, config);
  return inScratch(step, directory =>
    commitFrom(directory, { step, config, target, files, kept }),
  );
}

async function readFiles(step: Step): Promise<ReadonlyMap<string, string>> {
  const { artifact, operation } = step.config;
  if (operation === 'delete') {
    return new Map();
  }
  const text = await step.artifacts.read(artifact);
  if (text === undefined) {
    throw new StepFailure(
      `The run has no artifact "${artifact}". Put a step of type "render-manifests" before this one.`,
      { code: 'GIT_MANIFESTS_MISSING' },
    );
  }
  try {
    const { files, leftOut } = layOutManifests(parseManifests(text));
    for (const name of leftOut) {
      step.log.warn(
        `Left out Secret "${name}": secrets are never committed. Bring it into the cluster another way.`,
      );
    }
    return files;
  } catch (error) {
    if (error instanceof ManifestError) {
      throw new StepFailure(error.message, {
        code: 'GIT_MANIFESTS_INVALID',
        cause: error,
      });
    }
    throw error;
  }
}

/** Files of objects that other applications need; they stay in the folder. */
async function readKeptNames(step: Step): Promise<ReadonlySet<string>> {
  const { artifacts, config } = step;
  const kept = await readKeptManifests(artifacts, config.artifact);
  return new Set(layOutManifests(kept).files.keys());
}

async function commitFrom(
  scratch: string,
  options: {
    step: Step;
    config: GitConfig;
    target: CommitTarget;
    files: ReadonlyMap<string, string>;
    kept: ReadonlySet<string>;
  },
): Promise<StepResult> {
  const { step, config, target, files, kept } = options;
  const repository = await openRepository(scratch, {
    step,
    config,
    url: target.url,
    branch: target.branch,
    author: step.config.author,
  });
  return pushWithRetry(step, target, () =>
    commitOnce(repository, { step, target, files, kept }),
  );
}

/** Answers `undefined` when another push came first. */
async function commitOnce(
  repository: GitRepository,
  options: {
    step: Step;
    target: CommitTarget;
    files: ReadonlyMap<string, string>;
    kept: ReadonlySet<string>;
  },
): Promise<StepResult | undefined> {
  const { step, target, files, kept } = options;
  await repository.checkOut();
  const folder = ManifestFolder.create({
    root: repository.directory,
    path: target.path,
    owner: target.owner,
  });
  const keepAll = step.config.operation === 'write' && !step.config.prune;
  const changed = await repository.stage(
    await folder.replace(
      keepAll ? await folder.with(files) : await folder.keeping(files, kept),
    ),
  );
  const place = `"${target.path || '.'}" on branch "${target.branch}" of "${target.url.href}"`;
  if (changed.length === 0) {
    step.log.info(`Nothing to commit: ${place} is up to date.`);
    return stepResult(await repository.head(), target, []);
  }
  await repository.commit(
    commitMessage(step, {
      message: step.config.message,
      subject: subjectOf(step),
    }),
  );
  const { pushed } = await repository.push();
  if (!pushed) {
    return undefined;
  }
  const commit = await repository.head();
  step.log.info(
    `Pushed commit ${commit?.slice(0, 10)} to ${place}: ${changed.length} changed ${changed.length === 1 ? 'file' : 'files'}.`,
  );
  for (const file of changed) {
    step.log.info(`  ${file}`);
  }
  return stepResult(commit, target, changed);
}

function stepResult(
  commit: string | undefined,
  target: CommitTarget,
  changed: string[],
): StepResult {
  return {
    outputs: {
      commit: commit ?? '',
      repository: target.url.href,
      branch: target.branch,
      path: target.path,
      changed,
    },
  };
}

function subjectOf({ application, config, run }: Step): string {
  if (!application) {
    return `Update manifests of ${run.workflow}`;
  }
  const { environment, name } = application;
  return config.operation === 'delete'
    ? `Remove ${name} from ${environment}`
    : `Deploy ${name} to ${environment}`;
}
