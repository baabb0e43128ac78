import { Plan } from '@innominatus/backstage-plugin-innominatus-common';

/** Whether a plan takes an application away, or what it stands on. */
export function isRemoval({ action }: Pick<Plan, 'action'>): boolean {
  return action === 'delete' || action === 'deprovision';
}
