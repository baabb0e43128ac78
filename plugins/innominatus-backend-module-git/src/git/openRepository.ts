import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StepContext } from '@innominatus/backstage-plugin-innominatus-node';
import { GitConfig } from '../readGitConfig';
import { authorizationFor, gitEnvironment } from './gitEnvironment';
import { GitRepository } from './GitRepository';

type Step = Pick<
  StepContext<unknown>,
  'log' | 'redact' | 'signal' | 'workspace'
>;

/**
 * Gives the work a directory of its own. The workspace belongs to the whole
 * run; what is ours alone is ours whatever an earlier attempt has left.
 */
export async function inScratch<T>(
  step: Step,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(await step.workspace(), 'git-'));
  try {
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export interface OpenRepositoryOptions {
  step: Pick<Step, 'signal'>;
  config: GitConfig;
  url: URL;
  branch: string;
  /** Default: from the app-config. */
  author?: { name: string; email: string };
}

/** A repository without content below the directory. */
export async function openRepository(
  scratch: string,
  options: OpenRepositoryOptions,
): Promise<GitRepository> {
  const { step, config, url, branch } = options;
  const home = join(scratch, 'home');
  const directory = join(scratch, 'repository');
  await mkdir(home);
  await mkdir(directory);
  return GitRepository.open({
    directory,
    url,
    branch,
    environment: gitEnvironment({
      home,
      url,
      config,
      author: options.author ?? config.author,
    }),
    signal: step.signal,
  });
}

export function redactCredentials(
  step: Step,
  url: URL,
  config: GitConfig,
): void {
  const authorization = authorizationFor(url, config);
  if (authorization === undefined) {
    return;
  }
  step.redact(authorization.replace(/^Basic /, ''));
  for (const { token, host } of config.credentials) {
    if (host === url.host.toLowerCase()) {
      step.redact(token);
    }
  }
  if (url.protocol === 'http:') {
    step.log.warn(
      `The credentials go to "${url.host}" without encryption. Use "https://".`,
    );
  }
}
