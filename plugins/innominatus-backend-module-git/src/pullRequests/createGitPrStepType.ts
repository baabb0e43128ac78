import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { findForgedSecret } from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  StepResult,
  StepType,
  createStepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { commitMessage } from '../commitMessage';
import { GitRepository } from '../git/GitRepository';
import {
  inScratch,
  openRepository,
  redactCredentials,
} from '../git/openRepository';
import { readRepositoryUrl } from '../git/readRepositoryUrl';
import { readFolderPath } from '../manifests/ManifestFolder';
import { GitConfig } from '../readGitConfig';
import { readBranch } from '../readTarget';
import { blobsOf } from './blobsOf';
import { GitPrConfig, gitPrSchema } from './schemas';

type Step = StepContext<GitPrConfig>;

/**
 * The step type `git-pr`: pushes a change to a branch of its own, for people or
 * a tool to merge.
 *
 * @public
 */
export function createGitPrStepType(config: GitConfig): StepType {
  return createStepType({
    name: 'git-pr',
    description:
      'Pushes a change to a branch of its own, which somebody merges or throws away',
    schema: gitPrSchema,
    effects: 'external',
    // A branch with the same content is the one that was pushed before.
    onInterrupt: 'rerun',
    run: step => propose(step, config),
  });
}

async function propose(step: Step, config: GitConfig): Promise<StepResult> {
  const url = readRepositoryUrl(step.config.repository, config);
  const base = readBranch(step.config.base);
  const branch = readBranch(step.config.branch ?? defaultBranch(step));
  if (branch === base) {
    throw new StepFailure(
      `The branch "${branch}" is the one to merge into. Name another one in "config.branch".`,
      { code: 'GIT_BRANCH_REFUSED' },
    );
  }
  const files = step.config.files.map(
    ({ path, content }) => [readFilePath(path), content] as const,
  );
  if (findForgedSecret(step.config.files) !== undefined) {
    throw new StepFailure(
      'A file holds a secret. Secrets are never committed; bring them to where they are needed another way.',
      { code: 'GIT_SECRET_EXPOSED' },
    );
  }
  redactCredentials(step, url, config);
  return inScratch(step, async scratch => {
    const repository = await openRepository(scratch, {
      step,
      config,
      url,
      branch: base,
      author: step.config.author,
    });
    await repository.checkOut();
    for (const [path, text] of files) {
      await put(repository.directory, path, text);
    }
    const paths = files.map(([path]) => path);
    const changed = await repository.stage(paths);
    const outputs = {
      repository: url.href,
      base,
      link: step.config.link ?? comparison(url, { base, branch }),
    };
    if (changed.length === 0) {
      step.log.info(`Nothing to change: "${base}" has all of it already.`);
      const commit = (await repository.head()) ?? '';
      return {
        outputs: { ...outputs, branch: '', commit, files: {}, changed },
      };
    }
    await repository.commit(
      commitMessage(step, {
        message: step.config.message,
        subject: `Change ${subjectOf(step)}`,
      }),
    );
    const commit = await push(repository, branch);
    step.log.info(
      `Pushed commit ${commit.slice(0, 10)} to branch "${branch}" of "${url.href}".`,
    );
    for (const file of changed) {
      step.log.info(`  ${file}`);
    }
    const blobs = await blobsOf(repository, 'HEAD', changed);
    return {
      outputs: {
        ...outputs,
        branch,
        commit,
        files: Object.fromEntries(
          changed.map(path => [path, blobs.get(path) ?? '']),
        ),
        changed,
      },
    };
  });
}

/** A branch that is there already is ours when it holds the same. */
async function push(
  repository: GitRepository,
  branch: string,
): Promise<string> {
  const { pushed } = await repository.push(branch);
  if (pushed) {
    return (await repository.head()) ?? '';
  }
  await repository.fetch(branch);
  const theirs = `refs/remotes/origin/${branch}`;
  const [ourTree, theirTree] = await Promise.all(
    ['HEAD', theirs].map(async name => {
      const { stdout } = await repository.must('Comparing', [
        'rev-parse',
        `${name}^{tree}`,
      ]);
      return stdout.trim();
    }),
  );
  if (ourTree !== theirTree) {
    throw new StepFailure(
      `The branch "${branch}" is there already, with something else. Name another one in "config.branch", or remove it.`,
      { code: 'GIT_BRANCH_TAKEN' },
    );
  }
  const { stdout } = await repository.must('Comparing', ['rev-parse', theirs]);
  return stdout.trim();
}

/** Never through a link, which could lead out of the work tree. */
async function put(
  root: string,
  path: string,
  text: string | undefined,
): Promise<void> {
  let current = root;
  for (const part of path.split('/').slice(0, -1)) {
    current = join(current, part);
    const info = await lstat(current).catch(() => undefined);
    if (info && !info.isDirectory()) {
      throw new StepFailure(
        `"${path}" cannot be written: "${part}" is not a folder in this repository.`,
        { code: 'GIT_PATH_TAKEN' },
      );
    }
  }
  const file = resolveSafeChildPath(root, path);
  await rm(file, { force: true });
  if (text !== undefined) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx', mode: 0o644 });
  }
}

function readFilePath(path: string): string {
  const read = readFolderPath(path);
  if (read === '') {
    throw new StepFailure('The path of a file is empty.', {
      code: 'GIT_PATH_REFUSED',
    });
  }
  return read;
}

/** The same for each attempt of the step, and another one for each run. */
function defaultBranch(step: Step): string {
  const subject = subjectOf(step).replace(/[^A-Za-z0-9_-]/g, '-');
  return `innominatus/${subject}-${step.run.number}`;
}

function subjectOf({ application, parameters, run }: Step): string {
  const { slug } = (parameters.resource ?? {}) as { slug?: unknown };
  return typeof slug === 'string' ? slug : (application?.name ?? run.workflow);
}

function comparison(
  url: URL,
  { base, branch }: { base: string; branch: string },
): string {
  const page = url.href.replace(/(\.git)?\/?$/, '');
  return `${page}/compare/${base}...${branch}`;
}
