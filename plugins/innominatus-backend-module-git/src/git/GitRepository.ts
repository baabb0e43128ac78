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

/** What Git takes for no limit. */
const ALL_HISTORY = 2_147_483_647;

/** One branch of a remote repository, as far as it is needed to add a commit. */
export class GitRepository {
  readonly #options: GitRepositoryOptions;

  static async open(options: GitRepositoryOptions): Promise<GitRepository> {
    const repository = new GitRepository(options);
    // The empty template keeps hooks of the machine out.
    await repository.must('Preparing the repository', [
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
    const heads = await this.branches();
    if (heads.size === 0) {
      return;
    }
    if (!heads.has(branch)) {
      throw new StepFailure(
        `The repository "${url.href}" has no branch "${branch}". Create it, or name another one.`,
        { code: 'GIT_BRANCH_MISSING' },
      );
    }
    await this.fetch(branch);
    await this.must('Checking out the branch', [
      'reset',
      '--quiet',
      '--hard',
      `refs/remotes/origin/${branch}`,
    ]);
  }

  /** The branches of the server with their newest commits. */
  async branches(): Promise<Map<string, string>> {
    const { stdout } = await this.must('Reading the branches', [
      'ls-remote',
      '--heads',
      '--',
      this.#options.url.href,
    ]);
    return new Map(
      stdout.split('\n').flatMap((line): Array<[string, string]> => {
        const [commit, name] = line.split('\t');
        return name ? [[name.replace(/^refs\/heads\//, ''), commit]] : [];
      }),
    );
  }

  /** Fetches a branch, all of its history with `full`. */
  async fetch(branch: string, options: { full?: boolean } = {}): Promise<void> {
    await this.must(`Fetching the branch "${branch}"`, [
      'fetch',
      '--quiet',
      // Also deepens what was fetched without its history before.
      `--depth=${options.full ? ALL_HISTORY : 1}`,
      '--no-tags',
      '--',
      this.#options.url.href,
      `+refs/heads/${branch}:refs/remotes/origin/${branch}`,
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
      await this.must(
        'Staging the changes',
        ['update-index', ...how, '-z', '--stdin'],
        list,
      );
    }
    const { stdout } = await this.must('Comparing', [
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
    await this.must(
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

  /** Pushes to the branch itself, or to another one. */
  async push(to: string = this.#options.branch): Promise<PushOutcome> {
    const { url } = this.#options;
    const result = await this.run([
      'push',
      '--porcelain',
      '--no-verify',
      '--no-signed',
      '--',
      url.href,
      `HEAD:refs/heads/${to}`,
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
        `The server refuses the commit on branch "${to}": ${remoteWords(said)}`,
        { code: 'GIT_PUSH_REJECTED' },
      );
    }
    throw toGitFailure(`Pushing to "${url.href}"`, said);
  }

  /** Id of the newest commit, if there is one. */
  async head(): Promise<string | undefined> {
    const result = await this.run(['rev-parse', '--verify', '--quiet', 'HEAD']);
    return result.exitCode === 0 ? result.stdout.trim() : undefined;
  }

  /** Runs Git and fails the step when Git does. */
  async must(
    what: string,
    args: string[],
    input?: string,
  ): Promise<ProcessResult> {
    const result = await this.run(args, input);
    if (result.exitCode !== 0) {
      const { url } = this.#options;
      throw toGitFailure(`${what} of "${url.href}"`, result.stderr);
    }
    return result;
  }

  /** Runs Git; what its exit code means is for the caller to say. */
  async run(args: string[], input?: string): Promise<ProcessResult> {
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
