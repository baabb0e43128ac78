import {
  StepFailure,
  UndoContext,
} from '@innominatus/backstage-plugin-innominatus-node';
import { commitMessage } from './commitMessage';
import { GitRepository } from './git/GitRepository';
import { pushWithRetry } from './git/pushWithRetry';
import {
  inScratch,
  openRepository,
  redactCredentials,
} from './git/openRepository';
import { GitConfig } from './readGitConfig';
import { CommitTarget, readTarget } from './readTarget';
import { GitCommitManifestsConfig } from './schema';

type Step = UndoContext<GitCommitManifestsConfig>;

const UNDOES = 'Innominatus-Undoes';

/**
 * Takes back what a step committed with a commit of its own: the files are as
 * they were before. A file that somebody changed since is never overwritten.
 */
export async function undoCommit(step: Step, config: GitConfig): Promise<void> {
  const target = readTarget(step, config);
  redactCredentials(step, target.url, config);
  await inScratch(step, async scratch => {
    const repository = await openRepository(scratch, {
      step,
      config,
      url: target.url,
      branch: target.branch,
      author: step.config.author,
    });
    await pushWithRetry(step, target, () => undoOnce(repository, step, target));
  });
}

/** Answers `undefined` when another push came first. */
async function undoOnce(
  repository: GitRepository,
  step: Step,
  target: CommitTarget,
): Promise<true | undefined> {
  await repository.checkOut();
  if ((await repository.head()) === undefined) {
    step.log.info('The repository is empty, so there is nothing to take back.');
    return true;
  }
  await repository.fetch(target.branch, { full: true });
  const { own, undone } = await findCommits(repository, step);
  if (undone) {
    step.log.info('The commit is taken back already.');
    return true;
  }
  if (own.length === 0) {
    if (step.undone.status === 'succeeded' && hasChanges(step)) {
      throw new StepFailure(
        `There is no commit of run ${step.undone.run.number} on branch "${target.branch}" of "${target.url.href}" any more. Its history was rewritten, or the environment has another target now; take back the change by hand.`,
        { code: 'GIT_COMMIT_MISSING' },
      );
    }
    step.log.info('The step committed nothing, so there is nothing to undo.');
    return true;
  }
  return restore(repository, { step, target, own });
}

/** Puts the files back, from the newest commit of the step to the oldest. */
async function restore(
  repository: GitRepository,
  options: { step: Step; target: CommitTarget; own: string[] },
): Promise<true | undefined> {
  const { step, target, own } = options;
  let state = 'HEAD';
  const touched = new Set<string>();
  for (const commit of own) {
    const before = await parentOf(repository, commit);
    const files = (await changedFiles(repository, before, commit)).filter(
      file => target.path === '' || file.startsWith(`${target.path}/`),
    );
    const open = await differing(repository, {
      from: before,
      to: state,
      files,
    });
    const touchedSince = new Set(
      await differing(repository, { from: commit, to: state, files }),
    );
    // A file that somebody has put back already is as it has to be.
    const changed = open.filter(file => touchedSince.has(file));
    if (changed.length > 0) {
      throw new StepFailure(
        `Somebody changed ${changed.map(file => `"${file}"`).join(', ')} on branch "${target.branch}" of "${target.url.href}" after commit ${commit.slice(0, 10)}. Nothing is taken back; change the files by hand, or deploy again.`,
        { code: 'GIT_CHANGED_SINCE' },
      );
    }
    await stageFrom(repository, before, open);
    for (const file of open) {
      touched.add(file);
    }
    state = await writeTree(repository);
  }
  if (touched.size === 0) {
    step.log.info('The files are as they were before already.');
    return true;
  }
  await repository.commit(
    commitMessage(step, {
      subject: `Take back what run ${step.undone.run.number} committed`,
      trailers: [`${UNDOES}: ${nameOf(step)}`],
    }),
  );
  const { pushed } = await repository.push();
  if (!pushed) {
    return undefined;
  }
  const commit = await repository.head();
  step.log.info(
    `Pushed commit ${commit?.slice(0, 10)} to branch "${target.branch}" of "${target.url.href}", which takes back ${own.map(id => id.slice(0, 10)).join(', ')}.`,
  );
  for (const file of [...touched].sort()) {
    step.log.info(`  ${file}`);
  }
  return true;
}

/** Commits of the undone step, the newest first, and whether they are undone. */
async function findCommits(
  repository: GitRepository,
  step: Step,
): Promise<{ own: string[]; undone: boolean }> {
  const trailer = (key: string) =>
    `%(trailers:key=${key},valueonly,separator=%x2C)`;
  const { stdout } = await repository.must('Reading the history', [
    'log',
    '--no-merges',
    '--fixed-strings',
    `--grep=${step.undone.run.id}`,
    `--format=%H%x1f${trailer('Innominatus-Run')}%x1f${trailer('Innominatus-Step')}%x1f${trailer(UNDOES)}`,
    'HEAD',
  ]);
  const commits = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => line.split('\x1f'));
  return {
    undone: commits.some(([, , , undoes]) => undoes === nameOf(step)),
    own: commits
      .filter(
        ([, run, name]) =>
          run === step.undone.run.id && name === step.step.name,
      )
      .map(([id]) => id),
  };
}

function nameOf({ step, undone }: Step): string {
  return `${undone.run.id}/${step.name}`;
}

function hasChanges({ undone }: Step): boolean {
  const { changed } = undone.outputs;
  return Array.isArray(changed) && changed.length > 0;
}

/** The commit before, or a tree without files for the first one of all. */
async function parentOf(
  repository: GitRepository,
  commit: string,
): Promise<string> {
  const parent = await repository.run([
    'rev-parse',
    '--verify',
    '--quiet',
    `${commit}^`,
  ]);
  if (parent.exitCode === 0) {
    return parent.stdout.trim();
  }
  const empty = await repository.must(
    'Looking before the first commit',
    ['hash-object', '-w', '-t', 'tree', '--stdin'],
    '',
  );
  return empty.stdout.trim();
}

async function changedFiles(
  repository: GitRepository,
  from: string,
  to: string,
): Promise<string[]> {
  const { stdout } = await repository.must('Comparing', [
    'diff-tree',
    '-r',
    '--name-only',
    '--no-renames',
    '-z',
    from,
    to,
  ]);
  return stdout.split('\0').filter(Boolean);
}

async function differing(
  repository: GitRepository,
  options: { from: string; to: string; files: string[] },
): Promise<string[]> {
  const files = new Set(options.files);
  const changed = await changedFiles(repository, options.from, options.to);
  return changed.filter(file => files.has(file));
}

/** The index gets these files as they are in a commit, or does without them. */
async function stageFrom(
  repository: GitRepository,
  source: string,
  files: string[],
): Promise<void> {
  if (files.length > 0) {
    await repository.must(
      'Putting the files back',
      [
        '--literal-pathspecs',
        'restore',
        '--staged',
        `--source=${source}`,
        '--pathspec-from-file=-',
        '--pathspec-file-nul',
      ],
      files.map(file => `${file}\0`).join(''),
    );
  }
}

async function writeTree(repository: GitRepository): Promise<string> {
  const { stdout } = await repository.must('Putting the files back', [
    'write-tree',
  ]);
  return stdout.trim();
}
