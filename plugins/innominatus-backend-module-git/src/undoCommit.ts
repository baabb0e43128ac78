import {
  StepFailure,
  UndoContext,
  UndoLookContext,
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
type Look = Pick<Step, 'undone'> & { step: { name: string } };

const UNDOES = 'Innominatus-Undoes';

/** What the preview of an undo says beforehand. */
const OBSTACLES: Array<string | undefined> = [
  'GIT_CHANGED_SINCE',
  'GIT_COMMIT_MISSING',
  'GIT_COMMIT_NAMELESS',
];

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
  const found = await stageUndo(repository, step, target);
  if ('nothing' in found) {
    step.log.info(found.nothing);
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
    `Pushed commit ${commit?.slice(0, 10)} to branch "${target.branch}" of "${target.url.href}", which takes back ${found.own.map(id => id.slice(0, 10)).join(', ')}.`,
  );
  for (const file of found.files) {
    step.log.info(`  ${file}`);
  }
  return true;
}

/** Why the undo would fail now, in one sentence; nothing is pushed. */
export async function undoCommitWarnings(
  step: UndoLookContext<GitCommitManifestsConfig>,
  config: GitConfig,
): Promise<string[]> {
  const target = readTarget(step, config);
  const repository = await openRepository(await step.workspace(), {
    step,
    config,
    url: target.url,
    branch: target.branch,
    author: step.config.author,
  });
  try {
    await stageUndo(repository, step, target);
    return [];
  } catch (error) {
    if (error instanceof StepFailure && OBSTACLES.includes(error.code)) {
      return [error.message];
    }
    throw error;
  }
}

/**
 * Puts the files into the index as they were before. Answers which, or why
 * there is nothing to do; throws when they cannot be put back.
 */
async function stageUndo(
  repository: GitRepository,
  step: Look,
  target: CommitTarget,
): Promise<{ nothing: string } | { own: string[]; files: string[] }> {
  await repository.checkOut();
  if ((await repository.head()) === undefined) {
    return { nothing: 'The repository is empty, so there is nothing to undo.' };
  }
  await repository.fetch(target.branch, { full: true });
  const { own, undone, nameless } = await findCommits(repository, step);
  if (undone) {
    return { nothing: 'The commit is taken back already.' };
  }
  if (own.length === 0) {
    requireKnown(step, target, nameless);
    return {
      nothing: 'The step committed nothing, so there is nothing to undo.',
    };
  }
  const files = await stageBefore(repository, { target, own });
  return files.length === 0
    ? { nothing: 'The files are as they were before already.' }
    : { own, files };
}

/** A step that says it committed something must have a commit. */
function requireKnown(
  step: Look,
  target: CommitTarget,
  nameless: string[],
): void {
  const place = `branch "${target.branch}" of "${target.url.href}"`;
  const { number } = step.undone.run;
  if (nameless.length > 0) {
    const commits = nameless.map(id => id.slice(0, 10)).join(', ');
    throw new StepFailure(
      `Commit ${commits} on ${place} is of run ${number}, but does not say of which step: it has no trailer "Innominatus-Step", as commits of older releases. Take it back by hand with "git revert ${nameless[0].slice(0, 10)}", or deploy the version of before.`,
      { code: 'GIT_COMMIT_NAMELESS' },
    );
  }
  if (step.undone.status === 'succeeded' && hasChanges(step)) {
    throw new StepFailure(
      `There is no commit of run ${number} on ${place} any more. Its history was rewritten, or the environment has another target now; take back the change by hand.`,
      { code: 'GIT_COMMIT_MISSING' },
    );
  }
}

/** Puts the files back, from the newest commit of the step to the oldest. */
async function stageBefore(
  repository: GitRepository,
  options: { target: CommitTarget; own: string[] },
): Promise<string[]> {
  const { target, own } = options;
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
  return [...touched].sort();
}

/**
 * Commits of the undone step, the newest first, whether they are undone, and
 * commits of its run that could be of any step.
 */
async function findCommits(
  repository: GitRepository,
  step: Look,
): Promise<{ own: string[]; undone: boolean; nameless: string[] }> {
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
    nameless: commits
      .filter(([, run, name]) => run === step.undone.run.id && name === '')
      .map(([id]) => id),
  };
}

function nameOf({ step, undone }: Look): string {
  return `${undone.run.id}/${step.name}`;
}

function hasChanges({ undone }: Look): boolean {
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
