import { sendJson } from '../testing/FakeBackend';
import { sampleApproval, sampleRun, sampleStep } from '../testing/samples';
import { useCli } from '../testing/useCli';

describe('approvals', () => {
  const { backend, run } = useCli();

  const decisions = 'POST /v1/approvals/run-1~ask~1/decisions';

  it.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const)('%s the one that a run waits for', async (decision, state) => {
    backend.on('GET /v1/approvals', { items: [sampleApproval()] });
    backend.on(decisions, sampleApproval({ state, missing: 0 }));
    const { code, stdout, stderr } = await run(
      ...[decision, '42', '--reason', 'Because', '-o', 'json'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).state).toBe(state);
    expect(stderr).toContain('innominatus runs watch 42');
    const [{ query }] = backend.seen('GET /v1/approvals');
    expect(query.get('filter[run]')).toBe('42');
    expect(query.get('filter[state]')).toBe('pending');
    const [{ body }] = backend.seen(decisions);
    expect(body).toEqual({ decision, reason: 'Because' });
  });

  it('say how many are still missing', async () => {
    backend.on('GET /v1/approvals/run-1~ask~1', sampleApproval());
    backend.on(decisions, sampleApproval());
    const { stdout, stderr } = await run('approve', 'run-1~ask~1');
    expect(stdout).toContain('given      1 of 2');
    expect(stdout).toContain('user:default/jane');
    expect(stderr).toContain('1 of 2');
    expect(stderr).toContain('innominatus why 42');
  });

  it('want the step when several wait', async () => {
    backend.on('GET /v1/approvals', {
      items: [
        sampleApproval(),
        sampleApproval({ id: 'run-1~other~1', step: { name: 'other' } }),
      ],
    });
    backend.on(decisions, sampleApproval({ state: 'approved', missing: 0 }));
    const wrong = await run('approve', '42');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('"ask" of run 42, "other" of run 42');
    expect(wrong.stderr).toContain('innominatus approve 42 --step ask');
    expect((await run('approve', '42', '--step', 'ask')).code).toBe(0);
    backend.on('GET /v1/runs/42', sampleRun());
    const none = await run('approve', '42', '--step', 'nowhere');
    expect(none.code).toBe(5);
    expect(none.stderr).toContain('These do: ask, other');
  });

  it('find the one that a run waits for through the runs that it started', async () => {
    const step = sampleStep({ name: 'call', status: 'running' });
    const nested = { id: 'run-2', number: 43, workflow: 'checks' };
    backend.on(
      'GET /v1/runs/42',
      sampleRun({ steps: [{ ...step, childRuns: ['run-2'] }] }),
    );
    backend.on(
      'GET /v1/runs/run-2',
      sampleRun({
        id: 'run-2',
        number: 43,
        steps: [
          sampleStep({
            name: 'ask',
            status: 'waiting',
            waiting: { kind: 'approval', message: 'Waits for 1 of 2' },
            approval: sampleApproval({ run: nested }),
          }),
        ],
      }),
    );
    backend.on('GET /v1/approvals', ({ query }, response) =>
      sendJson(response, 200, {
        items:
          query.get('filter[run]') === 'run-2'
            ? [sampleApproval({ run: nested })]
            : [],
      }),
    );
    backend.on(decisions, sampleApproval({ state: 'approved', missing: 0 }));
    const why = await run('why', '42');
    expect(why.stdout).toContain('In run 43 (');
    expect(why.stdout).toContain('The step "ask" waits: Waits for 1 of 2');
    expect(why.stderr).toContain('innominatus approve 43 --step ask');
    expect((await run('approve', '42')).code).toBe(0);
  });

  it('end with 5 when nothing waits, and with 2 without a reason that is wanted', async () => {
    backend.on('GET /v1/approvals', { items: [] });
    backend.on('GET /v1/runs/42', sampleRun());
    const none = await run('approve', '42');
    expect(none.code).toBe(5);
    expect(none.stderr).toContain('innominatus why 42');
    backend.on('GET /v1/approvals', {
      items: [sampleApproval({ reasonRequired: true })],
    });
    const silent = await run('reject', '42');
    expect(silent.code).toBe(2);
    expect(silent.stderr).toContain('--reason');
  });

  it.each([
    [403, 'APPROVAL_OWN_RUN', 6],
    [409, 'APPROVAL_DECIDED', 8],
  ])('answer %s with the reason', async (status, problem, exit) => {
    backend.on('GET /v1/approvals/run-1~ask~1', sampleApproval());
    backend.on(decisions, (_request, response) =>
      sendJson(response, status, {
        type: 'x',
        title: 'No',
        status,
        code: problem,
        detail: 'This is why.',
        error: { name: 'Error', message: 'This is why.' },
      }),
    );
    const { code, stderr } = await run('approve', 'run-1~ask~1');
    expect(code).toBe(exit);
    expect(stderr).toContain('This is why.');
  });

  it('are listed and shown', async () => {
    backend.on('GET /v1/approvals', { items: [sampleApproval()] });
    backend.on('GET /v1/approvals/run-1~ask~1', sampleApproval());
    const list = await run('approvals', 'list', '--mine', '--state', 'pending');
    expect(list.stdout).toMatch(/^RUN +ABOUT +STATE +GIVEN/);
    expect(list.stdout).toMatch(/42 +ask +pending +1\/2/);
    const [{ query }] = backend.seen('GET /v1/approvals');
    expect(query.get('filter[approver]')).toBe('me');
    const names = await run('approvals', '-o', 'name');
    expect(names.stdout).toBe('run-1~ask~1\n');
    const { stdout, stderr } = await run('approvals', 'get', 'run-1~ask~1');
    expect(stdout).toContain('until      2030-01-03');
    expect(stderr).toContain('innominatus approve run-1~ask~1');
  });

  it('are the first thing that "why" says about a waiting run', async () => {
    const waiting = {
      kind: 'approval',
      message: 'Step "ask" waits for an approval.',
    } as const;
    const step = sampleStep({
      name: 'ask',
      status: 'waiting',
      waiting,
      approval: sampleApproval({ reasonRequired: true }),
    });
    const approval = sampleApproval({
      id: 'run-1~b~1',
      allowedActions: {
        approve: { allowed: false, reason: 'You are not among the approvers.' },
        reject: { allowed: false },
      },
    });
    backend.on(
      'GET /v1/runs/42',
      sampleRun({
        status: 'waiting',
        waiting,
        steps: [step, { ...step, name: 'b', approval }],
      }),
    );
    const { stdout, stderr } = await run('why', '42');
    expect(stdout).toContain('It waits: Step "ask" waits for an approval.');
    expect(stdout).toContain(
      '1 of 2 approvals are missing. To decide: group:default/platform-team.',
    );
    expect(stdout).toContain('user:default/jane approved: Fine');
    expect(stdout).toContain('Without that it fails at 2030-01-03T00:00:00Z.');
    expect(stdout).toContain('You may decide.');
    expect(stdout).toContain('You are not among the approvers.');
    expect(stderr).toContain('innominatus approve 42 --step ask --reason "…"');
    expect(stderr).not.toContain('--step b');
  });
});
