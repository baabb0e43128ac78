import { Approval } from '@innominatus/backstage-plugin-innominatus-common';

export function anApproval(change: Partial<Approval> = {}): Approval {
  return {
    id: 'run-1~ask~1',
    kind: 'approval',
    state: 'pending',
    run: { id: 'run-1', number: 1042, workflow: 'staged-release' },
    step: { name: 'ask', title: 'Ask the team' },
    attempt: 1,
    requester: 'user:default/jane',
    approvers: ['group:default/platform-team'],
    quorum: 2,
    missing: 1,
    allowRequester: false,
    reasonRequired: false,
    message: 'Roll out 1.2.3?',
    decisions: [
      {
        decision: 'approve',
        by: 'user:default/joe',
        at: '2026-11-23T12:01:00.000Z',
        reason: 'The canary is fine',
      },
    ],
    requestedAt: '2026-11-23T12:00:00.000Z',
    expiresAt: '2026-11-25T12:00:00.000Z',
    allowedActions: { approve: { allowed: true }, reject: { allowed: true } },
    ...change,
  };
}
