import {
  JsonObject,
  JsonValue,
  findForgedSecret,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  StepType,
  StepWait,
  createStepType,
} from '@innominatus/backstage-plugin-innominatus-node';
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
import { GitCheckPrConfig, gitCheckPrSchema } from './schemas';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const LARGEST_OUTPUTS = 64 * 1024;

type Step = StepContext<GitCheckPrConfig>;

/**
 * The step type `git-check-pr`: waits until a change is merged, without a
 * worker. It fails when its branch is thrown away.
 *
 * @public
 */
export function createGitCheckPrStepType(config: GitConfig): StepType {
  return createStepType({
    name: 'git-check-pr',
    description:
      'Waits until the change of a step of type git-pr is merged or thrown away',
    schema: gitCheckPrSchema,
    effects: 'none',
    onInterrupt: 'resume',
    defaultTimeoutMs: 5 * MINUTE_MS,
    async run(step) {
      step.signal.throwIfAborted();
      const verdict = await lookAt(step, config);
      if (verdict.kind === 'merged') {
        const { outputs, commit } = verdict;
        step.log.info(`Merged into "${step.config.base}".`);
        return {
          outputs: { ...outputs, mergedAs: commit },
          sensitive: step.config.sensitive,
        };
      }
      if (!step.resumed) {
        step.log.info(verdict.message);
      }
      const { link, title } = step.config;
      throw new StepWait({
        message: verdict.message,
        ...(link ? { link: { url: link, ...(title ? { title } : {}) } } : {}),
        lookAfterMs: parseDuration(step.config.every ?? MINUTE_MS) ?? MINUTE_MS,
        expiresAfterMs:
          parseDuration(step.config.expiresAfter ?? 7 * DAY_MS) ?? 7 * DAY_MS,
      });
    },
  });
}

type Verdict =
  | { kind: 'open'; message: string }
  | { kind: 'merged'; commit: string; outputs: JsonObject };

async function lookAt(step: Step, config: GitConfig): Promise<Verdict> {
  const url = readRepositoryUrl(step.config.repository, config);
  const base = readBranch(step.config.base);
  const { branch, commit, title } = step.config;
  redactCredentials(step, url, config);
  return inScratch(step, async scratch => {
    const repository = await openRepository(scratch, {
      step,
      config,
      url,
      branch: base,
    });
    const heads = await withPatience(step, () => repository.branches());
    const what = title ?? `the branch "${branch}"`;
    if (heads === undefined) {
      return { kind: 'open', message: `Waits for ${what} to be merged.` };
    }
    const tip = heads.get(base);
    if (tip === undefined) {
      throw new StepFailure(
        `The repository "${url.href}" has no branch "${base}". Create it, or name another one.`,
        { code: 'GIT_BRANCH_MISSING' },
      );
    }
    await repository.fetch(base);
    const isMerged =
      tip === commit ||
      (await holdsFiles(repository, base, step.config.files)) ||
      (await holdsCommit(repository, base, commit));
    if (isMerged) {
      return readMerged(repository, { step, base, tip });
    }
    if (!heads.has(branch)) {
      throw new StepFailure(
        `The branch "${branch}" of "${url.href}" was removed and its change is not on "${base}": ${title ?? 'the pull request'} was rejected.`,
        { code: 'GIT_PR_REJECTED' },
      );
    }
    return { kind: 'open', message: `Waits for ${what} to be merged.` };
  });
}

/** A server that does not answer now says nothing about the change. */
async function withPatience<T>(
  step: Step,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error as StepFailure).transient) {
      throw error;
    }
    step.log.warn((error as Error).message);
    return undefined;
  }
}

/** However it got there: merged, squashed or rebased. */
async function holdsFiles(
  repository: GitRepository,
  base: string,
  files: Record<string, string> = {},
): Promise<boolean> {
  const paths = Object.keys(files).map(readFolderPath);
  if (paths.length === 0) {
    return false;
  }
  const blobs = await blobsOf(repository, `refs/remotes/origin/${base}`, paths);
  return paths.every(path => (blobs.get(path) ?? '') === files[path]);
}

/** Also when the files were changed again since. */
async function holdsCommit(
  repository: GitRepository,
  base: string,
  commit: string,
): Promise<boolean> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) {
    throw new StepFailure(
      'The value of "config.commit" is not the id of a commit. Expected for example "${propose.commit}".',
      { code: 'CONFIG_INVALID' },
    );
  }
  await repository.fetch(base, { full: true });
  const { exitCode } = await repository.run([
    'merge-base',
    '--is-ancestor',
    commit,
    `refs/remotes/origin/${base}`,
  ]);
  return exitCode === 0;
}

async function readMerged(
  repository: GitRepository,
  options: { step: Step; base: string; tip: string },
): Promise<Verdict> {
  const { step, base, tip } = options;
  const { outputsFile } = step.config;
  if (outputsFile === undefined) {
    return { kind: 'merged', commit: tip, outputs: {} };
  }
  const path = readFolderPath(outputsFile);
  const { exitCode, stdout } = await repository.run([
    'show',
    `refs/remotes/origin/${base}:${path}`,
  ]);
  if (exitCode !== 0) {
    return {
      kind: 'open',
      message: `Merged; waits for the file "${path}" on "${base}".`,
    };
  }
  return { kind: 'merged', commit: tip, outputs: readOutputs(path, stdout) };
}

function readOutputs(path: string, text: string): JsonObject {
  const refuse = (why: string) =>
    new StepFailure(`The file "${path}" ${why}.`, {
      code: 'GIT_OUTPUTS_INVALID',
    });
  if (Buffer.byteLength(text) > LARGEST_OUTPUTS) {
    throw refuse(`has more than ${LARGEST_OUTPUTS} bytes`);
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse('does not hold an object with outputs');
  }
  // Whoever could hand in a reference could have any secret put in for it.
  if (findForgedSecret(value) !== undefined) {
    throw refuse('refers to a secret, which a file cannot do');
  }
  return value;
}
