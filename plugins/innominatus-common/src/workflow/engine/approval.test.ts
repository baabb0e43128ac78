import { TestRun, makeWorkflow } from './testDriver';

describe('steps of type approval', () => {
  const definition = makeWorkflow([
    { name: 'a' },
    {
      name: 'go',
      type: 'approval',
      config: { approvers: ['group:default/ops', 'user:default/ada'] },
    },
    { name: 'z' },
  ]);

  it('wait like manual steps and say who may approve', () => {
    const run = new TestRun(definition).run('a');
    expect(run.state).toMatchObject({
      status: 'waiting',
      waiting: {
        kind: 'approval',
        message:
          'Step "go" waits for an approval by group:default/ops or user:default/ada.',
      },
    });
    expect(run.starts).toEqual([]);
    run.start('go');
    expect(run.status('go')).toBe('waiting');
  });

  it('let the run go on once they are approved', () => {
    const run = new TestRun(definition).run('a').signal('approve');
    expect(run.starts).toEqual(['go']);
    run.run('go').run('z');
    expect(run.state.status).toBe('succeeded');
  });

  it('fail the run when they are rejected', () => {
    const run = new TestRun(definition).run('a').signal('reject');
    expect(run.state.failure).toMatchObject({
      step: 'go',
      error: { code: 'APPROVAL_REJECTED' },
    });
  });

  it('name nobody when everybody may approve', () => {
    const run = new TestRun(makeWorkflow([{ name: 'go', type: 'approval' }]));
    expect(run.state.waiting?.message).toBe('Step "go" waits for an approval.');
  });
});
