import { Environment } from '@innominatus/backstage-plugin-innominatus-common';

/** In the order of the platform team, then by name. */
export function inOrder(environments: Environment[]): Environment[] {
  return [...environments].sort(
    (a, b) => a.order - b.order || a.name.localeCompare(b.name),
  );
}

export function isProduction(environment: { type: string }): boolean {
  return environment.type === 'production';
}
