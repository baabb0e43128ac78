const PREFIX = '@innominatus/backstage-plugin-innominatus-backend-module-';

const MODULE_OF_STEP_TYPE: Record<string, string> = {
  command: 'command',
  kubernetes: 'kubernetes',
  'git-commit-manifests': 'git',
  'git-pr': 'git',
  'git-check-pr': 'git',
  terraform: 'terraform',
  'terraform-generate': 'terraform',
  ansible: 'ansible',
  helm: 'helm',
  'vault-setup': 'vault',
  'argocd-app': 'argocd',
  'gitea-repo': 'gitea',
  'gitea-archive': 'gitea',
};

/**
 * Names the package that would bring a step type which is not installed.
 *
 * @public
 */
export function moduleOfStepType(type: string): string | undefined {
  return Object.hasOwn(MODULE_OF_STEP_TYPE, type)
    ? `${PREFIX}${MODULE_OF_STEP_TYPE[type]}`
    : undefined;
}

/** @public */
export function optionalStepTypes(): string[] {
  return Object.keys(MODULE_OF_STEP_TYPE);
}
