import { ApprovalPolicy } from '../approval/types';
import { RunEvent, RunState } from '../types';
import { evolve } from './evolve';
import { input, makeWorkflow, TestRun } from './testDriver';

const HOUR_MS = 3_600_000;

function policy(patch: Partial<ApprovalPolicy> = {}): ApprovalPolicy {
  return { quorum: 1, allowRequester: false, reasonRequired: false, ...patch };
}

/** A run of which Ada is the initiator, with one step that needs a yes. */
function ask(patch: Partial<ApprovalPolicy> = {}): TestRun {
  const definition = makeWorkflow([
    { name: 'a' },
    { name: 'go', type: 'approval', approval: policy(patch) },
    { name: 'z' },
  ]);
  const initiator = 'user:default/ada';
  return new TestRun(definition, { ...input, initiator }).run('a');
}

const bob = { by: 'user:default/bob' };
const eve = { by: 'user:default/eve' };

describe('an approval', () => {
  it('is asked for with who may give it, how many are missing, and until when', () => {
    const run = ask({
      approvers: ['group:default/ops', 'user:default/bob'],
      quorum: 2,
      expiresAfterMs: HOUR_MS,
      message: 'Go to production?',
    });
    const until = run.now + HOUR_MS;
    const waiting = {
      kind: 'approval',
      message:
        'Step "go" waits for an approval by group:default/ops or user:default/bob (0 of 2 given).',
      until,
      approval: {
        id: 'run-1~go~1',
        step: 'go',
        kind: 'approval',
        approvers: ['group:default/ops', 'user:default/bob'],
        quorum: 2,
        missing: 2,
        allowRequester: false,
        reasonRequired: false,
        message: 'Go to production?',
        decisions: [],
      },
    };
    expect(run.state.status).toBe('waiting');
    expect(run.state.waiting).toEqual(waiting);
    expect(run.state.steps.go).toMatchObject({
      waiting,
      approval: {
        state: 'pending',
        attempt: 1,
        round: 1,
        requestedAt: run.now,
        expiresAt: until,
      },
    });
    run.start('go');
    expect(run.status('go')).toBe('waiting');
  });

  it('names nobody when everybody may approve', () => {
    const run = new TestRun(makeWorkflow([{ name: 'go', type: 'approval' }]));
    expect(run.state.waiting?.message).toBe('Step "go" waits for an approval.');
  });

  it('lets the step start once it is given, and tells who gave it', () => {
    const run = ask().signal('approve', { ...bob, reason: 'Looks good' });
    expect(run.starts).toEqual(['go']);
    expect(run.state.steps.go).toMatchObject({
      approved: { by: [bob.by], reason: 'Looks good', at: run.now },
      approval: { state: 'approved', decidedAt: run.now },
    });
    run.run('go').run('z');
    expect(run.state.status).toBe('succeeded');
  });

  it('fails the run when it is rejected, however many approved before', () => {
    const run = ask({ quorum: 3 })
      .signal('approve', eve)
      .signal('reject', { ...bob, reason: 'Not on a Friday' });
    expect(run.state.failure).toEqual({
      step: 'go',
      error: {
        code: 'APPROVAL_REJECTED',
        message: 'user:default/bob rejected step "go": Not on a Friday.',
        transient: false,
      },
    });
    expect(run.state.steps.go.approval?.state).toBe('rejected');
  });

  it('needs as many different people as its quorum', () => {
    const run = ask({ quorum: 2 }).signal('approve', bob);
    const before = run.state;
    run.signal('approve', bob).signal('approve', { by: 'USER:default/Bob' });
    expect(run.state).toBe(before);
    expect(run.state.waiting).toMatchObject({
      message: 'Step "go" waits for an approval (1 of 2 given).',
      approval: { missing: 1, decisions: [{ by: bob.by }] },
    });
    expect(run.starts).toEqual([]);
    run.signal('approve', eve);
    expect(run.starts).toEqual(['go']);
  });

  it('lets a person take back an approval by rejecting', () => {
    const run = ask({ quorum: 2 }).signal('approve', bob).signal('reject', bob);
    expect(run.status('go')).toBe('failed');
  });

  it('is not decided by who started the run, unless the policy says so', () => {
    const asked = ask();
    const before = asked.state;
    asked.signal('approve').signal('reject');
    asked.signal('approve', { by: 'user:Default/ADA' });
    expect(asked.state).toBe(before);
    expect(ask({ allowRequester: true }).signal('approve').starts).toEqual([
      'go',
    ]);
  });

  it('takes no decision without a reason when one is required', () => {
    const run = ask({ reasonRequired: true });
    run.signal('approve', bob).signal('reject', { ...bob, reason: '  ' });
    expect(run.status('go')).toBe('waiting');
    run.signal('approve', { ...bob, reason: 'Checked the plan' });
    expect(run.starts).toEqual(['go']);
  });

  it('does not take an answer to an earlier question', () => {
    const run = ask();
    run.signal('approve', { ...bob, approval: 'run-1~go~0' });
    expect(run.status('go')).toBe('waiting');
    run.signal('approve', { ...bob, approval: 'run-1~go~1' });
    expect(run.starts).toEqual(['go']);
  });

  it('fails the step when it expires, and is too late afterwards', () => {
    const run = ask({ quorum: 2, expiresAfterMs: HOUR_MS });
    run.signal('approve', bob).fire('approval/go/0');
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: {
        step: 'go',
        error: {
          code: 'APPROVAL_EXPIRED',
          message:
            'Step "go" got 1 of 2 approvals within 1h. Retry the run to ask again.',
        },
      },
    });
    expect(run.state.steps.go.approval?.state).toBe('expired');
    const { state } = run;
    run.signal('approve', eve);
    expect(run.state).toBe(state);
  });

  it('is not given after its time, even when the timer is late', () => {
    const run = ask({ expiresAfterMs: HOUR_MS });
    run.tick(HOUR_MS).signal('approve', bob);
    expect(run.status('go')).toBe('waiting');
  });

  it('does not expire once it was given', () => {
    const run = ask({ expiresAfterMs: HOUR_MS }).signal('approve', bob);
    expect(Object.keys(run.state.timers)).not.toContain('approval/go/0');
  });

  it('ends with its run when that is cancelled', () => {
    const run = ask().signal('cancel');
    expect(run.state.status).toBe('cancelled');
    expect(run.state.steps.go.approval).toMatchObject({
      state: 'cancelled',
      decidedAt: run.now,
    });
    const { state } = run;
    run.signal('approve', bob);
    expect(run.state).toBe(state);
  });

  it('fills references into the names of approvers and the message', () => {
    const definition = makeWorkflow([
      {
        name: 'go',
        when: 'manual',
        approval: policy({
          approvers: ['${params.teams}', 'user:default/bob'],
          message: 'Deploy ${metadata.name}?',
        }),
      },
    ]);
    const run = new TestRun(definition, {
      ...input,
      parameters: { teams: ['group:Ops', 'user:default/BOB'] },
    });
    expect(run.state.waiting?.approval).toMatchObject({
      approvers: ['group:default/ops', 'user:default/bob'],
      message: 'Deploy shop?',
    });
  });

  it.each([
    ['nobody', [], 'The approvers of step "go" are an empty list'],
    ['no entity', ['everyone'], 'The approver "everyone" of step "go"'],
  ])('fails when its references lead to %s', (_, teams, message) => {
    const definition = makeWorkflow([
      {
        name: 'go',
        when: 'manual',
        approval: policy({ approvers: ['${params.teams}'] }),
      },
    ]);
    const run = new TestRun(definition, { ...input, parameters: { teams } });
    expect(run.state.failure?.error.code).toBe('APPROVAL_INVALID');
    expect(run.state.failure?.error.message).toContain(message);
  });
});

describe('an approval for each item', () => {
  const forEach = { items: ['eu', 'us'], maxItems: 10 };

  it('asks once for a manual step, and its approvers again for an item that is held', () => {
    const approval = policy({ approvers: ['user:default/bob'] });
    const run = new TestRun(
      makeWorkflow([{ name: 'go', when: 'manual', approval, forEach }]),
      { ...input, initiator: 'user:default/ada' },
    );
    expect(run.starts).toEqual([]);
    run.signal('approve', bob);
    const [first] = run.starts;
    expect(run.starts).toHaveLength(2);
    const lost = { type: 'StepLost', step: first, attempt: 1 } as const;
    run.start(first).apply({ ...lost, at: run.now, action: 'hold' });
    expect(run.state.steps[first].waiting?.approval).toMatchObject({
      kind: 'interrupted',
      approvers: ['user:default/bob'],
    });
    expect(run.signal('approve', { step: first }).starts).not.toContain(first);
    expect(run.signal('approve', { ...bob, step: first }).starts).toContain(
      first,
    );
  });

  it('asks for each item of a step of type approval, who may differ', () => {
    const run = new TestRun(
      makeWorkflow([
        {
          name: 'go',
          type: 'approval',
          approval: policy({ approvers: ['group:default/ops-${item}'] }),
          forEach,
        },
      ]),
    );
    const asked = Object.values(run.state.steps).flatMap(
      step => step.approval?.policy.approvers ?? [],
    );
    expect(asked).toEqual(['group:default/ops-eu', 'group:default/ops-us']);
  });
});

describe('a step that is held after an interruption', () => {
  function held(patch?: Partial<ApprovalPolicy>): TestRun {
    const definition = makeWorkflow([
      {
        name: 'apply',
        ...(patch ? { when: 'manual', approval: policy(patch) } : {}),
      },
    ]);
    const run = new TestRun(definition, {
      ...input,
      initiator: 'user:default/ada',
    });
    if (patch) {
      run.signal('approve', bob);
    }
    const lost = { type: 'StepLost', step: 'apply', attempt: 1 } as const;
    return run.start('apply').apply({ ...lost, at: run.now, action: 'hold' });
  }

  it('may be let go on by who started the run', () => {
    const run = held();
    expect(run.state.waiting).toMatchObject({
      kind: 'person',
      approval: { id: 'run-1~apply~1', kind: 'interrupted', missing: 1 },
    });
    run.signal('approve');
    expect(run.starts).toEqual(['apply']);
  });

  it('asks those who approved it, and knows the first answer from the second', () => {
    const run = held({ expiresAfterMs: HOUR_MS });
    expect(run.state.waiting).not.toHaveProperty('until');
    run.signal('approve');
    run.signal('approve', { ...bob, approval: 'run-1~apply~1' });
    expect(run.starts).toEqual([]);
    run.signal('approve', { ...bob, approval: 'run-1~apply~2' });
    expect(run.starts).toEqual(['apply']);
    expect(run.state.steps.apply.approved?.by).toEqual([bob.by]);
  });

  it('fails when it is rejected', () => {
    const run = held().signal('reject', bob);
    expect(run.state.steps.apply).toMatchObject({
      status: 'failed',
      approval: { kind: 'interrupted', state: 'rejected' },
    });
  });
});

describe('the journal of a run with approvals', () => {
  it('leads to the same state again', () => {
    const run = ask({ quorum: 2, expiresAfterMs: HOUR_MS })
      .signal('approve', bob)
      .signal('approve', bob)
      .signal('approve', eve);
    const journal = JSON.parse(JSON.stringify(run.journal)) as RunEvent[];
    expect(journal.reduce<RunState | undefined>(evolve, undefined)).toEqual(
      run.state,
    );
  });
});
