import { approvalSchema } from '@innominatus/backstage-plugin-innominatus-common';
import { createStepType } from '@innominatus/backstage-plugin-innominatus-node';

/**
 * Asks people and passes their answer on. The waiting is done by the engine,
 * before the step starts: it needs no worker, and outlives any restart.
 */
export const approvalStepType = createStepType({
  name: 'approval',
  description: 'Waits until people have approved.',
  schema: approvalSchema,
  effects: 'none',
  onInterrupt: 'rerun',
  defaultTimeoutMs: 60_000,
  async run({ approval, log }) {
    if (approval === undefined) {
      throw new Error('The step started although nobody had approved it');
    }
    const approvedBy = approval.by.join(', ');
    const reason = approval.reason ?? '';
    log.info(`Approved by ${approvedBy}${reason ? `: ${reason}` : ''}`);
    return {
      outputs: {
        approvedBy,
        reason,
        decidedAt: new Date(approval.at).toISOString(),
      },
    };
  },
});
