import {
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { readRepositoryUrl } from './git/readRepositoryUrl';
import { readFolderPath } from './manifests/ManifestFolder';
import { GitConfig } from './readGitConfig';
import { GitCommitManifestsConfig } from './schema';

/** Where a step commits to. */
export interface CommitTarget {
  url: URL;
  branch: string;
  path: string;
  /** Who the folder belongs to. */
  owner: string;
}

type Step = StepContext<GitCommitManifestsConfig>;

/** What says where a step commits to. */
export type TargetSource = Pick<
  Step,
  'config' | 'environment' | 'application'
> & {
  run?: Pick<Step['run'], 'workflow'>;
};

/** What the step says, and what the environment says where it does not. */
export function readTarget(
  step: TargetSource,
  config: GitConfig,
): CommitTarget {
  const { environment, application } = step;
  const repository = step.config.repository ?? text(environment?.repository);
  if (repository === undefined) {
    throw new StepFailure(
      'Neither the step nor the environment names a repository. Set "repository", or give the environment a target of type git.',
      { code: 'GIT_REPOSITORY_MISSING' },
    );
  }
  return {
    url: readRepositoryUrl(repository, config),
    branch: readBranch(
      step.config.branch ?? text(environment?.branch) ?? 'main',
    ),
    path: readFolderPath(step.config.path ?? defaultPath(step)),
    owner: application
      ? `${application.environment}/${application.name}`
      : `workflow ${step.run?.workflow ?? ''}`,
  };
}

/** Applications of an environment share its path; each has its own folder. */
function defaultPath(step: TargetSource): string {
  const base = text(step.environment?.path) ?? '';
  const name = step.application?.name;
  return [base.replace(/\/+$/, ''), name].filter(Boolean).join('/');
}

/** The rules of `git check-ref-format`, a little narrower. */
export function readBranch(branch: string): string {
  const valid =
    /^[A-Za-z0-9_][A-Za-z0-9._/+-]*$/.test(branch) &&
    !/\.\.|\/\/|\/\.|\.lock(\/|$)|[/.]$/.test(branch);
  if (!valid) {
    throw new StepFailure(
      `"${branch}" is not a name for a branch. Expected one such as "main" or "deploy/production".`,
      { code: 'GIT_BRANCH_REFUSED' },
    );
  }
  return branch;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
