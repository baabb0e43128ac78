import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sendEvents, sendJson, sendProblem } from '../testing/FakeBackend';
import {
  SCORE,
  sampleDeployment,
  samplePlan,
  sampleRun,
  sampleStep,
} from '../testing/samples';
import { signedIn, useCli } from '../testing/useCli';

const PLANS = 'POST /v1/applications/development/orders/plans';
const DEPLOYMENTS = 'POST /v1/applications/development/orders/deployments';
const ENDED = {
  startedAt: '2030-01-01T00:00:00Z',
  endedAt: '2030-01-01T00:00:09Z',
};

describe('plan and deploy', () => {
  let file: string;
  const { cli, backend } = useCli();

  beforeAll(async () => {
    file = await cli.write('score.yaml', SCORE);
  });

  beforeEach(() => {
    backend
      .on('GET /v1/deployments', { items: [] })
      .on(PLANS, samplePlan())
      .on(DEPLOYMENTS, (_, response) =>
        sendJson(response, 202, sampleDeployment()),
      );
  });

  const run = (argv: string[], interruptAt?: string) =>
    cli.run(argv, {
      interruptAt,
      env: signedIn(backend),
    });
  const deploy = (...more: string[]) =>
    run(['deploy', file, '--env', 'development', ...more]);

  /** The run ends with `status` after one step. */
  function runEnds(status: 'succeeded' | 'failed' | 'cancelled') {
    const failure =
      status === 'failed'
        ? {
            step: 'provision-db',
            error: {
              code: 'QUOTA',
              message: 'no space left',
              transient: false,
            },
          }
        : undefined;
    const stepStatus = status === 'failed' ? 'failed' : 'succeeded';
    let asked = 0;
    backend
      .on('GET /v1/runs/run-1', (_, response) => {
        asked += 1;
        sendJson(
          response,
          200,
          asked === 1
            ? sampleRun()
            : sampleRun({ ...ENDED, status, failure, version: 3 }),
        );
      })
      .on('GET /v1/runs/run-1/steps', {
        items: [
          sampleStep({
            ...ENDED,
            status: stepStatus,
            attempt: 1,
            error: failure?.error,
          }),
        ],
      })
      .on('GET /v1/runs/run-1/events', (_, response) =>
        sendEvents(response, [
          { id: 1, event: 'run', data: sampleRun() },
          { id: 2, event: 'run', data: sampleRun({ ...ENDED, status }) },
        ]),
      )
      .on('GET /v1/runs/run-1/logs', (_, response) =>
        sendEvents(response, [
          {
            id: 1,
            event: 'log',
            data: {
              seq: 1,
              step: 'provision-db',
              attempt: 1,
              time: '2030-01-01T00:00:01Z',
              level: 'info',
              text: 'creating \u001b[2Jthe database',
            },
          },
        ]),
      )
      .on(
        'GET /v1/deployments/deployment-1',
        sampleDeployment({ status, endedAt: ENDED.endedAt }),
      );
  }

  it('sends the files that the Score file names, and the image', async () => {
    await mkdir(join(cli.folder, 'app'), { recursive: true });
    await writeFile(join(cli.folder, 'app', 'web.conf'), 'level=1');
    const score = await cli.write(
      join('app', 'score.yaml'),
      SCORE.replace(
        'image: nginx:1.27',
        'image: .\n    files:\n      /etc/web.conf:\n        source: web.conf',
      ),
    );
    const { code } = await run([
      'plan',
      score,
      '--env',
      'development',
      '--image',
      'web:2',
    ]);
    expect(code).toBe(0);
    expect(backend.requests.at(-1)?.body).toMatchObject({
      image: 'web:2',
      sources: { 'web.conf': { content: 'level=1' } },
    });
    const without = await run(['plan', score, '--env', 'development']);
    expect(without.code).toBe(1);
    expect(without.stderr).toContain('SCORE_IMAGE_MISSING');
  });

  it('plans the workload of the file in the environment', async () => {
    const { code, stdout } = await run(['plan', file, '-e', 'development']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Plan for development/orders: 2 to create, 1 to keep',
    );
    expect(stdout).toContain('postgres.default by simulator 1.0.0');
    expect(backend.seen(PLANS)[0].body).toEqual({
      action: 'deploy',
      score: SCORE,
      file,
    });
  });

  it('says of a resource that others make it, and of each with -o wide', async () => {
    const [resource] = samplePlan().resources;
    const resources = [
      { ...resource, management: 'delegated' as const },
      { ...resource, name: 'made', management: 'native' as const },
    ];
    backend.on(PLANS, samplePlan({ resources }));
    const { stdout } = await run(['plan', file, '-e', 'development']);
    expect(stdout).toContain(
      'db  postgres.default, delegated by simulator 1.0.0',
    );
    expect(stdout).toContain('made  postgres.default by simulator 1.0.0');
    const wide = await run(['plan', file, '-e', 'development', '-o', 'wide']);
    expect(wide.stdout).toContain(
      'postgres.default, native by simulator 1.0.0',
    );
  });

  it('ends with 3 for a plan with changes when asked for', async () => {
    const argv = ['plan', file, '-e', 'development', '--exit-code'];
    expect((await run(argv)).code).toBe(3);
    const summary = { create: 0, update: 0, keep: 3, delete: 0 };
    // Manifests that change are changes as well.
    backend.on(PLANS, samplePlan({ summary }));
    expect((await run(argv)).code).toBe(3);
    backend.on(PLANS, samplePlan({ summary, manifests: [] }));
    expect((await run(argv)).code).toBe(0);
  });

  it('deploys exactly the plan that was shown', async () => {
    const { code, stdout, stderr } = await deploy();
    expect(code).toBe(0);
    expect(stdout).toContain('Deployment 3 of development/orders running');
    expect(stderr).toContain('innominatus runs watch 42');
    const [request] = backend.seen(DEPLOYMENTS);
    expect(request.body).toMatchObject({ planHash: 'hash-1', score: SCORE });
    expect(request.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('sends the key, the parameters and the overrides of the line', async () => {
    backend.on('GET /v1/golden-paths/deploy-app', {
      name: 'deploy-app',
      parameters: [
        { name: 'replicas', type: 'int', required: false },
        { name: 'canary', type: 'bool', required: false },
      ],
    });
    const overrides = await cli.write(
      'overrides.yaml',
      'containers: {api: {args: [up]}}',
    );
    const { code } = await deploy(
      ...['--param', 'replicas=3', '--param=canary=yes'],
      ...['--override-property', 'containers.api.image=nginx:1.28'],
      ...['--overrides-file', overrides, '--idempotency-key', 'ci-7'],
    );
    expect(code).toBe(0);
    const [request] = backend.seen(DEPLOYMENTS);
    expect(request.headers['idempotency-key']).toBe('ci-7');
    expect(request.body).toMatchObject({
      parameters: { replicas: 3, canary: true },
      overrideProperties: ['containers.api.image=nginx:1.28'],
      overrides: { containers: { api: { args: ['up'] } } },
    });
    // The same call again has to be the same request.
    expect(request.body).not.toHaveProperty('planHash');
  });

  it('reads parameters as the golden path declares them that it was deployed with', async () => {
    backend
      .on('GET /v1/deployments', {
        items: [sampleDeployment({ goldenPath: 'careful' })],
      })
      .on('GET /v1/golden-paths/careful', {
        name: 'careful',
        parameters: [{ name: 'speed', type: 'int', required: false }],
      });
    expect((await deploy('--param', 'speed=3')).code).toBe(0);
    const [{ body }] = backend.seen(DEPLOYMENTS);
    expect(body).toMatchObject({ parameters: { speed: 3 } });
    expect(body).not.toHaveProperty('goldenPath');
  });

  it.each([
    ['replicas=many', 'value must be a valid integer'],
    ['keep=3w', 'use a duration from 1h to 14d'],
    ['size=big', 'has no parameter "size"'],
  ])('refuses --param %s', async (param, message) => {
    backend.on('GET /v1/golden-paths/deploy-app', {
      name: 'deploy-app',
      parameters: [
        { name: 'replicas', type: 'int', required: false },
        {
          name: 'keep',
          type: 'duration',
          required: false,
          min: 3_600_000,
          max: 1_209_600_000,
        },
      ],
    });
    const { code, stderr } = await deploy('--param', param);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(backend.seen(PLANS)).toEqual([]);
  });

  it('only plans with --dry-run', async () => {
    const { code, stdout } = await deploy('--dry-run', '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ hash: 'hash-1' });
    expect(backend.seen(DEPLOYMENTS)).toEqual([]);
  });

  it('sends nothing when the file has errors', async () => {
    const broken = await cli.write(
      'broken.yaml',
      SCORE.replace('image', 'imag'),
    );
    const { code, stderr } = await run(['deploy', broken, '-e', 'development']);
    expect(code).toBe(1);
    expect(stderr).toContain('SCORE_UNKNOWN_KEY');
    expect(backend.requests).toEqual([]);
  });

  it('shows steps and log lines on stderr and the result on stdout', async () => {
    runEnds('succeeded');
    const { code, stdout, stderr } = await deploy('--watch');
    expect(code).toBe(0);
    expect(stderr).toContain('Plan for development/orders: 2 to create');
    expect(stderr).toContain('provision-db: succeeded in 9s');
    expect(stderr).toContain('provision-db | creating the database');
    expect(stdout).toBe('Run 42 (development/orders) succeeded after 9s\n');
  });

  it('prints one JSON document at the end with -o json', async () => {
    runEnds('succeeded');
    const { code, stdout } = await deploy('--watch', '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      id: 'deployment-1',
      status: 'succeeded',
      run: { number: 42, status: 'succeeded' },
    });
  });

  it.each(['failed', 'cancelled'] as const)(
    'ends with 1 when the run %s',
    async status => {
      runEnds(status);
      const { code, stdout } = await deploy('--watch');
      expect(code).toBe(1);
      expect(stdout).toContain(status);
    },
  );

  it('says why the run failed and what to look at', async () => {
    runEnds('failed');
    const { stderr } = await deploy('-w');
    expect(stderr).toContain(
      'Step "provision-db" failed: no space left (QUOTA)',
    );
    expect(stderr).toContain('innominatus why 42');
  });

  it('goes on watching after the backend was away', async () => {
    runEnds('succeeded');
    const lastIds: unknown[] = [];
    backend.on('GET /v1/runs/run-1/events', (request, response) => {
      lastIds.push(request.headers['last-event-id']);
      if (lastIds.length === 1) {
        sendEvents(response, [{ id: 1, event: 'run', data: sampleRun() }], {
          end: false,
        });
        setTimeout(() => response.destroy(), 50);
      } else {
        sendEvents(response, [
          {
            id: 2,
            event: 'run',
            data: sampleRun({ ...ENDED, status: 'succeeded' }),
          },
        ]);
      }
    });
    expect((await deploy('--watch')).code).toBe(0);
    expect(lastIds).toEqual([undefined, '1']);
  });

  it('goes on watching after the backend was restarted', async () => {
    runEnds('succeeded');
    let restarted = false;
    backend.on('GET /v1/runs/run-1/events', (_, response) => {
      if (restarted) {
        const run42 = sampleRun({ ...ENDED, status: 'succeeded' });
        sendEvents(response, [{ id: 1, event: 'run', data: run42 }]);
      } else {
        restarted = true;
        void backend.restart(1500);
      }
    });
    const { code, stderr } = await deploy('--watch');
    expect(code).toBe(0);
    expect(stderr).toContain(`The connection to ${backend.url} is lost.`);
    expect(stderr).toContain(`Connected to ${backend.url} again.`);
  });

  describe('while the run goes on', () => {
    beforeEach(() => {
      const open = (_: unknown, response: Parameters<typeof sendEvents>[0]) =>
        sendEvents(response, [], { end: false });
      backend
        .on('GET /v1/runs/run-1', sampleRun())
        .on('GET /v1/runs/run-1/events', open)
        .on('GET /v1/runs/run-1/logs', open);
    });

    it('says on Ctrl-C that it goes on and how to follow it', async () => {
      const { code, stderr } = await run(
        ['deploy', file, '--env', 'development', '--watch'],
        'run 42',
      );
      expect(code).toBe(130);
      expect(stderr).toContain('run 42 goes on');
      expect(stderr).toContain('innominatus runs watch 42');
    });

    it('ends with 7 after the timeout and leaves the run alone', async () => {
      const { code, stderr } = await deploy('--watch', '--timeout', '200ms');
      expect(code).toBe(7);
      expect(stderr).toContain('innominatus runs watch 42');
      expect(
        backend.requests.some(({ path }) => path.endsWith('/cancel')),
      ).toBe(false);
    });
  });

  it.each([
    [400, 'PARAMETERS_INVALID', 2],
    [401, 'SIGN_IN_NEEDED', 4],
    [403, 'NOT_ALLOWED', 6],
    [404, 'NOT_FOUND', 5],
    [409, 'PLAN_CHANGED', 8],
    [412, 'STALE', 8],
    [422, 'IDEMPOTENCY_KEY_REUSED', 8],
    [422, 'SCORE_INVALID', 1],
    [429, 'TOO_MANY_REQUESTS', 1],
    [500, 'BACKEND_ERROR', 1],
    [504, 'TIMEOUT', 7],
  ])('turns the answer %s %s into exit code %s', async (status, code, exit) => {
    backend.on(DEPLOYMENTS, (_, response) =>
      sendProblem(response, { status, code, detail: 'This is why.' }),
    );
    const result = await deploy();
    expect(result.code).toBe(exit);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain('Error: This is why.');
  });

  it('plans again when the world moved between plan and deployment', async () => {
    let tries = 0;
    backend.on(DEPLOYMENTS, (_, response) => {
      tries += 1;
      if (tries === 1) {
        sendProblem(response, {
          status: 409,
          code: 'PLAN_CHANGED',
          detail: 'The plan is not the same any more. Look at a new plan.',
        });
      } else {
        sendJson(response, 202, sampleDeployment());
      }
    });
    const { code, stderr } = await deploy();
    expect(code).toBe(0);
    expect(stderr).toContain('Look at a new plan. This is it:');
    expect(backend.seen(PLANS)).toHaveLength(2);
    expect(backend.seen(DEPLOYMENTS)).toHaveLength(2);
  });

  it('asks before resources are removed and refuses where nobody can be asked', async () => {
    const [resource] = samplePlan().resources;
    backend.on(
      PLANS,
      samplePlan({ resources: [{ ...resource, action: 'delete' }] }),
    );
    const refused = await deploy();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('removes db (postgres)');
    expect(backend.seen(DEPLOYMENTS)).toEqual([]);
    expect((await deploy('--yes')).code).toBe(0);
  });

  it('asks for --env when there are several environments', async () => {
    backend.on('GET /v1/environments', {
      items: [{ name: 'development' }, { name: 'production' }],
    });
    const { code, stderr } = await run(['deploy', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('There are: development, production');
  });

  it('deploys an application again from its catalog entity', async () => {
    backend.on('GET /v1/applications/development/orders', {
      entityRef: 'component:default/orders',
    });
    expect((await run(['deploy', 'development/orders'])).code).toBe(0);
    expect(backend.seen(DEPLOYMENTS)[0].body).toMatchObject({
      entityRef: 'component:default/orders',
    });
  });

  it('deletes only with --yes where nobody can be asked', async () => {
    const argv = ['delete', 'development/orders'];
    expect((await run(argv)).code).toBe(2);
    expect((await run([...argv, '--yes'])).code).toBe(0);
    expect(backend.seen(DEPLOYMENTS)[0].body).toEqual({
      action: 'delete',
      planHash: 'hash-1',
    });
  });
});
