import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { toGitFailure } from './errors';
import { ProcessResult, runProcess } from './runProcess';

export interface GitRepositoryOptions {
  /** Directory of the work tree; exists and is empty. */
  directory: string;
  url: URL;
  branch: string;
  /** Whole environment of Git. */
  environment: Record<string, string>;
  signal: AbortSignal;
}

/** What became of a push. */
export type PushOutcome =
  | { pushed: true }
  /** Somebody else was faster. */
  | { pushed: false };

/** Another push won, as Git and servers put it. */
const RACE =
  /\[rejected\]|\((?:fetch first|non-fast-forward|stale info)\)|cannot lock ref|failed to (?:lock|update) ref|reference already exists/i;

/** One branch of a remote repository, as far as it is needed to add a commit. */
export class GitRepository {
  readonly #options: GitRepositoryOptions;

  static async open(options: GitRepositoryOptions): Promise<GitRepository> {
    const repository = new GitRepository(options);
    // The empty template keeps hooks of the machine out.
    await repository.#must('Preparing the repository', [
      'init',
      '--quiet',
      '--template=',
      `--initial-branch=${options.branch}`,
      '.',
    ]);
    return repository;
  }

  private constructor(options: GitRepositoryOptions) {
    this.#options = options;
  }

  get directory(): string {
    return this.#options.directory;
  }

  /**
   * Makes the work tree equal to the newest commit of the branch and throws
   * local work away. An empty repository starts with an empty tree.
   */
  async checkOut(): Promise<void> {
    const { branch, url } = this.#options;
    const { stdout } = await this.#must('Reading the branches', [
      'ls-remote',
      '--heads',
      '--',
      url.href,
    ]);
    const heads = stdout
      .split('\n')
      .map(line => line.split('\t')[1])
      .filter(Boolean);
    if (heads.length === 0) {
      return;
    }
    if (!heads.includes(`refs/heads/${branch}`)) {
      throw new StepFailure(
        `The repository "${url.href}" has no branch "${branch}". Create it, or name another one.`,
        { code: 'GIT_BRANCH_MISSING' },
      );
    }
    await this.#must('Fetching the branch', [
      'fetch',
      '--quiet',
      '--depth=1',
      '--no-tags',
      '--',
      url.href,
      `+refs/heads/${branch}:refs/remotes/origin/${branch}`,
    ]);
    await this.#must('Checking out the branch', [
      'reset',
      '--quiet',
      '--hard',
      `refs/remotes/origin/${branch}`,
    ]);
  }

  /**
   * Stages files, also those that are gone, and answers which of them differ
   * from the newest commit. Only the named files are looked at: settings of
   * the repository could make others look changed.
   */
  async stage(files: readonly string[]): Promise<string[]> {
    const list = files.map(file => `${file}\0`).join('');
    // Without an entry of before, a link cannot hand its kind on to the file.
    for (const how of [['--force-remove'], ['--add', '--remove']]) {
      await this.#must(
        'Staging the changes',
        ['update-index', ...how, '-z', '--stdin'],
        list,
      );
    }
    const { stdout } = await this.#must('Comparing', [
      'diff',
      '--cached',
      '--name-only',
      '--no-renames',
      '--no-ext-diff',
      '--no-textconv',
      '-z',
    ]);
    return stdout.split('\0').filter(Boolean).sort();
  }

  async commit(message: string): Promise<void> {
    await this.#must(
      'Committing',
      [
        'commit',
        '--quiet',
        '--no-verify',
        '--no-gpg-sign',
        '--cleanup=whitespace',
        '--file=-',
      ],
      message,
    );
  }

  async push(): Promise<PushOutcome> {
    const { branch, url } = this.#options;
    const result = await this.#run([
      'push',
      '--porcelain',
      '--no-verify',
      '--no-signed',
      '--',
      url.href,
      `HEAD:refs/heads/${branch}`,
    ]);
    if (result.exitCode === 0) {
      return { pushed: true };
    }
    const said = `${result.stderr}\n${result.stdout}`;
    if (RACE.test(said)) {
      return { pushed: false };
    }
    if (/\[remote rejected\]/.test(said)) {
      throw new StepFailure(
        `The server refuses the commit on branch "${branch}": ${remoteWords(said)}`,
        { code: 'GIT_PUSH_REJECTED' },
      );
    }
    throw toGitFailure(`Pushing to "${url.href}"`, said);
  }

  /** Id of the newest commit, if there is one. */
  async head(): Promise<string | undefined> {
    const result = await this.#run([
      'rev-parse',
      '--verify',
      '--quiet',
      'HEAD',
    ]);
    return result.exitCode === 0 ? result.stdout.trim() : undefined;
  }

  async #must(
    what: string,
    args: string[],
    input?: string,
  ): Promise<ProcessResult> {
    const result = await this.#run(args, input);
    if (result.exitCode !== 0) {
      const { url } = this.#options;
      throw toGitFailure(`${what} of "${url.href}"`, result.stderr);
    }
    return result;
  }

  async #run(args: string[], input?: string): Promise<ProcessResult> {
    const { directory, environment, signal } = this.#options;
    try {
      return await runProcess({
        command: 'git',
        args,
        cwd: directory,
        env: environment,
        input,
        signal,
      });
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') {
        throw new StepFailure(
          'The program "git" is not installed on the machine of the backend. Install Git 2.31 or newer.',
          { code: 'GIT_MISSING', cause: error },
        );
      }
      throw error;
    }
  }
}

/** What a hook or a protected branch had to say. */
function remoteWords(said: string): string {
  const words = said
    .split('\n')
    .filter(line => /^remote:|\[remote rejected\]/.test(line))
    .map(line => line.replace(/^remote:\s*|^!\s*/, '').trim())
    .filter(Boolean)
    .join(' ');
  return words.slice(0, 500);
}
