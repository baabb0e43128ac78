import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  RUN_PRIORITIES,
  RunPriority,
  WorkflowDefinition,
  parsePriority,
  runControlPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';
import { AccessControl, AccessSubject } from '../access/types';

/** As a body has it. */
export const prioritySchema = z.union([
  z.number().int().min(-100).max(100),
  z.enum(
    Object.keys(RUN_PRIORITIES) as [
      keyof typeof RUN_PRIORITIES,
      ...Array<keyof typeof RUN_PRIORITIES>,
    ],
  ),
]);

/**
 * The priority that a caller asked for. Everyone may be less urgent than the
 * workflow says; whoever wants more goes past the runs of others, and needs the
 * permission to control runs.
 */
export async function requirePriority(
  asked: RunPriority | undefined,
  options: {
    access: AccessControl;
    credentials: BackstageCredentials;
    definition: WorkflowDefinition;
    subject: AccessSubject;
    /** How the object is called in the error. */
    name: string;
  },
): Promise<number | undefined> {
  const { access, credentials, definition, subject, name } = options;
  const priority = asked === undefined ? undefined : parsePriority(asked);
  const usual = definition.priority ?? RUN_PRIORITIES.normal;
  if (priority !== undefined && priority > usual) {
    const [answer] = await access.check(credentials, [
      { permission: runControlPermission, subject },
    ]);
    if (!answer.allowed) {
      throw new NotAllowedError(
        `The priority ${priority} is higher than the ${usual} of ${name}, and you may not raise it. Leave "priority" out, or ask for at most ${usual}. ${answer.reason ?? ''}`.trim(),
      );
    }
  }
  return priority;
}
