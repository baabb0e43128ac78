const PREFIX = '@innominatus/backstage-plugin-innominatus-backend-module-';

const MODULE_OF_STEP_TYPE: Record<string, string> = {
  command: 'command',
  kubernetes: 'kubernetes',
  'git-commit-manifests': 'git',
  'git-pr': 'git',
  'git-check-pr': 'git',
};

/** Step types of earlier files that do not exist, and what does their work. */
const REPLACEMENTS: Record<string, string> = {
  ansible: 'type "command" with the program "ansible-playbook"',
  'argocd-app':
    'type "kubernetes" or "git-commit-manifests" with an Argo CD application as the manifest',
  'argocd-delete':
    'type "kubernetes" with "operation: delete" for the Argo CD application',
  'cost-analysis':
    'prices of the resource types in a provider and "spec.budget" of the environment, which are checked before a deployment',
  'database-migration':
    'type "command" with the program that migrates, or "kubernetes" with a job',
  dummy: 'type "simulate"',
  'gitea-archive': 'type "http" with the API of Gitea',
  'gitea-repo': 'type "http" with the API of Gitea',
  helm: 'type "command" with the program "helm"',
  'kubernetes-delete': 'type "kubernetes" with "operation: delete"',
  monitoring:
    'type "manifests" with the rules and dashboards, which a later step delivers',
  notification: 'type "http" with the address of the receiver',
  policy:
    'a document of "kind: Policy" for rules, or type "command" for a program',
  security: 'type "command" with the scanner as the program',
  tagging:
    'annotations in the Score file, or type "http" with the API that sets tags',
  terraform: 'type "command" with the program "terraform"',
  'terraform-generate':
    'type "command" with a program that writes the files, or a folder of modules in Git',
  'tfe-status': 'type "http" with the API of Terraform Enterprise',
  validation: 'type "http" for an address, or "command" for a program',
  'vault-setup': 'type "http" with the API of Vault',
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

/**
 * Says what does the work of a step type that earlier files use and that no
 * package brings.
 *
 * @public
 */
export function replacementOfStepType(type: string): string | undefined {
  return Object.hasOwn(REPLACEMENTS, type) ? REPLACEMENTS[type] : undefined;
}

/** What to do about a step type that no package brings. */
export function adviceForStepType(type: string): string[] {
  const replacement = replacementOfStepType(type);
  return replacement === undefined
    ? []
    : [
        `Use ${replacement}.`,
        ...(type === 'dummy'
          ? []
          : ['Use type "simulate" to see the workflow run without it.']),
        'Or write a module with the step type: see the README of @innominatus/backstage-plugin-innominatus-node.',
      ];
}
