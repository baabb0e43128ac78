import type { EnvironmentTarget } from '@innominatus/backstage-plugin-innominatus-common';

/** Where an environment delivers to, in a few words. */
export function targetText(target: EnvironmentTarget): string {
  switch (target.type) {
    case 'kubernetes':
      return `kubernetes ${target.cluster ? `${target.cluster}/` : ''}${target.namespace}`;
    case 'folder':
      return `folder ${target.path}`;
    case 'git':
      return `git ${target.repository} ${target.branch} ${target.path}`;
    default:
      return target.type;
  }
}
