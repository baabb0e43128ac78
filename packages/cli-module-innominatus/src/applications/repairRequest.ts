import type { PlanRequest } from '@innominatus/backstage-plugin-innominatus-common';
import { FlagDefinition } from '../framework/command';

/** Option of commands that repair, or plan to. */
export const repairedResourceFlag = {
  type: 'list',
  value: 'NAME',
  description: 'To repair: only this drifted resource; may be repeated',
} as const satisfies FlagDefinition;

/** Without resources everything that drifted is brought back. */
export function repairRequest(resources: string[]): PlanRequest {
  return { action: 'repair', ...(resources.length > 0 ? { resources } : {}) };
}
