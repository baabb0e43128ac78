import { sendEvents, sendJson } from '../testing/FakeBackend';
import {
  SCORE,
  sampleDeployment,
  sampleRun,
  sampleStep,
} from '../testing/samples';
import { signedIn, useCli } from '../testing/useCli';

const line = (seq: number, text: string) => ({
  seq,
  step: 'provision-db',
  attempt: 1,
  time: '2030-01-01T00:00:00Z',
  level: 'info',
  text,
});

describe('runs and what they leave behind', () => {
  const { cli, backend, run } = useCli();

  it('lists runs as table, names, JSON and YAML', async () => {
    backend.on('GET /v1/runs', { items: [sampleRun()] });
    const table = await run('runs', 'list');
    expect(table.stdout).toMatch(/^RUN +STATUS +APPLICATION/);
    expect(table.stdout).toMatch(/42 +running +development\/orders/);
    expect((await run('runs', 'list', '-o', 'wide')).stdout).toContain('run-1');
    expect((await run('runs', 'list', '-o', 'name')).stdout).toBe('42\n');
    const json = JSON.parse((await run('runs', '-o', 'json')).stdout);
    expect(json.items[0].number).toBe(42);
    expect((await run('runs', '-o', 'yaml')).stdout).toContain('number: 42');
  });

  it('shows the deployment of a golden path that people have to agree to', async () => {
    backend.on('GET /v1/golden-paths/greet', {
      name: 'greet',
      parameters: [],
      needsApplication: false,
    });
    backend.on('POST /v1/golden-paths/greet/runs', (_request, response) =>
      sendJson(response, 409, {
        code: 'DEPLOYMENT_WITHOUT_RUN',
        detail: 'It waits for approval.',
        deploymentId: 'deployment-1',
      }),
    );
    const waiting = sampleDeployment({
      runId: undefined,
      runNumber: undefined,
      approvalId: 'approval-1',
    });
    backend.on('GET /v1/deployments/deployment-1', waiting);
    const { code, stdout, stderr } = await run('run', 'greet');
    expect(code).toBe(0);
    expect(stdout).toContain('Deployment');
    expect(stderr).toContain('waits for approval');
    backend.on('GET /v1/deployments/deployment-1', {
      ...waiting,
      endedAt: '2030-01-01T00:00:00Z',
    });
    const over = await run('run', 'greet');
    expect(over.code).toBe(8);
    expect(over.stderr).toContain('It waits for approval.');
  });

  it.each(['pause', 'resume'])('asks a run to %s', async verb => {
    backend.on(`POST /v1/runs/42/${verb}`, sampleRun());
    backend.on('GET /v1/runs/42', sampleRun());
    const { code, stdout, stderr } = await run(
      'runs',
      verb,
      '42',
      '-o',
      'name',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '42\n' });
    expect(backend.seen(`POST /v1/runs/42/${verb}`)).toHaveLength(1);
    expect(stderr).toContain('innominatus runs');
  });

  it('shows the items of a step below it', async () => {
    const steps = [
      sampleStep({ name: 'deploy', status: 'running', attempt: 0 }),
      sampleStep({ name: 'deploy-0', parent: 'deploy', status: 'running' }),
      sampleStep({ name: 'test', status: 'pending', attempt: 0 }),
    ];
    backend.on('GET /v1/runs/42', sampleRun({ steps }));
    const { stdout } = await run('runs', 'get', '42');
    expect(stdout).toMatch(
      /\n {2}deploy {6}running\n {4}deploy-0 {2}running\n {2}test {8}pending\n/,
    );
  });

  it('shows the outputs of a run, secrets as references', async () => {
    const outputs = {
      url: 'https://orders.example',
      replicas: 3,
      password: { $secretRef: 'run/run-1/make/password' },
      database: { host: 'db', user: { $secretRef: 'run/run-1/make/user' } },
      note: 'two\nlines\u001b[31m',
    };
    backend.on('GET /v1/runs/42', sampleRun({ status: 'succeeded', outputs }));
    const { stdout } = await run('runs', 'get', '42');
    expect(stdout.slice(stdout.indexOf('Outputs'))).toBe(
      [
        'Outputs',
        '  url       https://orders.example',
        '  replicas  3',
        '  password  •••• (secret run/run-1/make/password)',
        '  database  {"host":"db","user":"•••• (secret run/run-1/make/user)"}',
        '  note      two lines',
        '',
      ].join('\n'),
    );
    backend.on('GET /v1/runs/43', sampleRun());
    expect((await run('runs', 'get', '43')).stdout).not.toContain('Outputs');
  });

  it('passes filters on, also for the older name', async () => {
    backend.on('GET /v1/runs', { items: [] });
    await run('list-workflows', 'development/orders', '--status', 'failed');
    const [{ query }] = backend.seen('GET /v1/runs');
    expect(query.get('filter[environment]')).toBe('development');
    expect(query.get('filter[application]')).toBe('orders');
    expect(query.get('filter[status]')).toBe('failed');
  });

  it('reads as many pages as the limit asks for', async () => {
    backend.on('GET /v1/runs', (request, response) => {
      const size = Number(request.query.get('limit'));
      sendJson(response, 200, {
        items: Array.from({ length: size }, () => sampleRun()),
        nextCursor: 'more',
      });
    });
    const { stdout, stderr } = await run(
      ...['runs', 'list', '-o', 'name', '--limit', '250'],
    );
    expect(stdout.trim().split('\n')).toHaveLength(250);
    expect(
      backend.seen('GET /v1/runs').map(({ query }) => query.get('limit')),
    ).toEqual(['200', '50']);
    expect(stderr).toContain('--limit 500');
  });

  it('shows the log of the last run of an application', async () => {
    backend
      .on('GET /v1/applications/development/orders', {
        lastDeployment: { runId: 'run-1' },
      })
      .on('GET /v1/runs/run-1/logs', {
        items: [line(1, 'one'), line(2, 'two')],
      });
    const { code, stdout } = await run('logs', 'development/orders');
    expect(code).toBe(0);
    expect(stdout).toBe('provision-db | one\nprovision-db | two\n');
  });

  it('shows only the end of the log with --tail', async () => {
    backend.on('GET /v1/runs/42/logs', (request, response) => {
      sendJson(
        response,
        200,
        request.query.get('after')
          ? { items: [line(3, 'three')] }
          : { items: [line(1, 'one'), line(2, 'two')], nextAfter: 2 },
      );
    });
    const { stdout } = await run('logs', '42', '--tail', '2');
    expect(stdout).toBe('provision-db | two\nprovision-db | three\n');
    expect((await run('logs', '42', '--tail', '0')).stdout).toBe('');
  });

  it('goes on where the log ended with --follow', async () => {
    backend.on('GET /v1/runs/42/logs', (request, response) => {
      if (request.headers.accept === 'text/event-stream') {
        sendEvents(response, [{ id: 2, event: 'log', data: line(2, 'two') }]);
      } else {
        sendJson(response, 200, { items: [line(1, 'one')] });
      }
    });
    const { stdout } = await run('logs', '42', '--follow', '-o', 'json');
    const texts = stdout
      .trim()
      .split('\n')
      .map(text => JSON.parse(text).text);
    expect(texts).toEqual(['one', 'two']);
    expect(
      backend
        .seen('GET /v1/runs/42/logs')
        .map(({ query }) => query.get('after')),
    ).toEqual([null, '1']);
  });

  it('names the steps when --step is not one of them', async () => {
    backend.on('GET /v1/runs/42/steps', { items: [sampleStep()] });
    const { code, stderr } = await run('logs', '42', '--step', 'apply');
    expect(code).toBe(2);
    expect(stderr).toContain('It has: provision-db');
  });

  it('says why a run failed, with the end of its log', async () => {
    backend
      .on(
        'GET /v1/runs/42',
        sampleRun({
          status: 'failed',
          failure: {
            step: 'provision-db',
            error: { code: 'QUOTA', message: 'no space', transient: false },
          },
        }),
      )
      .on('GET /v1/runs/42/logs', (_, response) => sendJson(response, 404, {}))
      .on('GET /v1/runs/run-1/logs', { items: [line(1, 'the disk is full')] });
    const { code, stdout, stderr } = await run('why', '42');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'The step "provision-db" failed: no space (QUOTA).',
    );
    expect(stdout).toContain('the disk is full');
    expect(stderr).toContain('innominatus logs 42 --step provision-db');
  });

  it('cancels a run with a reason', async () => {
    backend
      .on('POST /v1/runs/42/cancel', (_, response) =>
        sendJson(response, 202, {}),
      )
      .on('GET /v1/runs/42', sampleRun());
    expect((await run('runs', 'cancel', '#42', '--reason', 'wrong')).code).toBe(
      0,
    );
    expect(backend.seen('POST /v1/runs/42/cancel')[0].body).toEqual({
      reason: 'wrong',
    });
  });

  it('runs a golden path with typed parameters and a Score file', async () => {
    backend
      .on('GET /v1/golden-paths/scale', {
        name: 'scale',
        parameters: [{ name: 'replicas', type: 'int', required: true }],
        needsApplication: true,
      })
      .on('POST /v1/golden-paths/scale/runs', (_, response) =>
        sendJson(response, 202, sampleRun()),
      );
    const missing = await run('run', 'scale');
    expect(missing.code).toBe(2);
    const { code, stdout } = await cli.run(
      ['run', 'scale', '-', '-e', 'development', '--param', 'replicas=2'],
      {
        stdin: SCORE,
        env: signedIn(backend),
      },
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Run 42');
    expect(backend.seen('POST /v1/golden-paths/scale/runs')[0].body).toEqual({
      environment: 'development',
      score: SCORE,
      parameters: { replicas: 2 },
    });
  });

  it('hands an image, overrides and a reason in a freeze to a golden path', async () => {
    backend
      .on('GET /v1/golden-paths/ship', {
        name: 'ship',
        parameters: [],
        needsApplication: true,
      })
      .on('POST /v1/golden-paths/ship/runs', (_, response) =>
        sendJson(response, 202, sampleRun()),
      );
    const score = SCORE.replace(/image: .*/, 'image: .');
    const overrides = await cli.write(
      'o.yaml',
      'metadata: {annotations: {team: a}}',
    );
    const { code, stderr } = await cli.run(
      [
        ...['run', 'ship', '-', '-e', 'development', '--image', 'web:2.0'],
        ...['--override-property', 'metadata.annotations.size=l'],
        ...['--overrides-file', overrides],
        ...['--override-freeze', 'The shop is down'],
      ],
      { stdin: score, env: signedIn(backend) },
    );
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
    expect(backend.seen('POST /v1/golden-paths/ship/runs')[0].body).toEqual({
      environment: 'development',
      score,
      parameters: {},
      image: 'web:2.0',
      overrideProperties: ['metadata.annotations.size=l'],
      overrides: { metadata: { annotations: { team: 'a' } } },
      overrideFreeze: 'The shop is down',
    });
  });

  it('finds an application by its name alone when there is one', async () => {
    const items = [{ environment: 'development', name: 'orders' }];
    backend
      .on('GET /v1/applications', { items })
      .on('GET /v1/applications/development/orders', {
        ...items[0],
        status: 'succeeded',
        resources: [],
      });
    expect((await run('status', 'orders')).stdout).toContain(
      'development/orders',
    );
    items.push({ environment: 'staging', name: 'orders' });
    const { code, stderr } = await run('status', 'orders');
    expect(code).toBe(2);
    expect(stderr).toContain('development, staging');
  });

  it.each([
    [['deploy', '--watc'], ['--watch']],
    [['ru'], ['run', 'runs']],
    [['runs', 'w'], ['watch']],
    [['deploy', 'score.yaml', '--env', ''], ['development']],
    [['list', '-o', 'js'], ['json']],
  ])('completes %j', async (typed, expected) => {
    backend.on('GET /v1/environments', {
      items: [{ name: 'development' }, { name: '$(rm -rf .)' }],
    });
    const { code, stdout } = await run('__complete', ...typed);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(expected);
  });
});
