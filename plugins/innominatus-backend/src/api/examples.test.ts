import {
  compileWorkflow,
  GoldenPathDefinition,
  PlannedResource,
  readDefinitions,
  readWorkflowDocuments,
  Resource,
  Run,
  validateParameters,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  EXAMPLE_LOCATIONS,
  exampleEntities,
  exampleScore,
  startTestApi,
  TestApi,
} from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
} from '../__testUtils__/TestEngine';
import { simulateStepType } from '../stepTypes';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const WORKFLOWS = path.resolve(__dirname, '../../../../examples/workflows');

function exampleWorkflows(): Map<string, WorkflowDefinition> {
  const found = new Map<string, WorkflowDefinition>();
  for (const file of readdirSync(WORKFLOWS)) {
    const text = readFileSync(path.join(WORKFLOWS, file), 'utf8');
    for (const document of readWorkflowDocuments(text, { file })) {
      const { definition } = compileWorkflow(document.value, {
        stepTypes: { simulate: { schema: simulateStepType.schema } },
      });
      if (definition === undefined) {
        throw new Error(`"${document.name}" in ${file} cannot be compiled`);
      }
      found.set(definition.name, definition);
    }
  }
  return found;
}

/** Names of the steps that did not run, and what came out. */
const EXPECTED: Record<
  string,
  { skipped?: string[]; outputs?: Run['outputs'] }
> = {
  'route-by-environment': { skipped: ['full-check'] },
  'feature-flags': { skipped: ['search', 'beta'] },
  'canary-by-pattern': { skipped: ['everyone'] },
  'ask-earlier-steps': { skipped: ['load-tests'] },
  'maintenance-window': { skipped: ['postpone'] },
  'text-operators': { skipped: ['hotfix'] },
  numbers: {},
  combined: { skipped: ['roll-back'] },
  'skip-patterns': { skipped: ['test', 'deploy'] },
  'workflow-variables': { outputs: { name: 'shop-eu-north-1' } },
  'step-outputs': {
    outputs: {
      image: 'registry.example/shop:1.4.2',
      tests: { passed: 142, failed: 0 },
    },
  },
  'set-variables': {
    outputs: { url: 'postgres://db.simulator.example:5432/orders' },
  },
  'quality-gate': { skipped: ['ask-for-more'] },
  'flags-from-a-step': { skipped: ['checkout'] },
  'per-environment': { skipped: ['deploy-large'] },
  'numbered-groups': {},
  neighbours: {},
  'mixed-order': {},
  'own-graph': {},
  'three-ways': {
    outputs: {
      long: 'https://s3.simulator.example/assets',
      short: 'https://s3.simulator.example/assets',
      bare: 'https://s3.simulator.example/assets',
    },
  },
  'types-stay': {
    outputs: {
      number: 3,
      text: '3 replicas',
      object: { team: 'orders' },
      json: 'labels: {"team":"orders"}',
    },
  },
  'dollar-signs': {
    outputs: { cost: '5$', script: 'echo "${HOME}"', lone: '5 $ each' },
  },
  'about-the-run': {
    outputs: { workload: 'shop', run: expect.stringMatching(/^run-\d+$/) },
  },
  regions: { outputs: { first: 'https://eu.simulator.example' } },
  sizes: { outputs: { orders: 'orders-small' } },
  'found-hosts': {
    outputs: { checked: [{ host: 'a.example' }, { host: 'b.example' }] },
  },
  'infrastructure-pull-request': {
    outputs: {
      pullRequest: 'https://git.simulator.example/pr/17',
      bucket: 's3://assets',
    },
  },
};

const DOCS = path.resolve(__dirname, '../../../../docs/golden-paths.md');

/** The definitions of a page that need nothing but the simulator. */
function documentedPaths(): Array<[name: string, GoldenPathDefinition]> {
  const page = readFileSync(DOCS, 'utf8');
  return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, text]) =>
    readDefinitions(text)
      .definitions.goldenPaths.filter(({ workflow }) =>
        workflow.steps.every(step => step.type === 'simulate'),
      )
      .map((found): [string, GoldenPathDefinition] => [
        found.metadata.name,
        found,
      ]),
  );
}

/** What the text says of the examples that it shows. */
const DOCUMENTED: typeof EXPECTED = {
  'rotate-certificate': { skipped: ['alert'] },
  release: {},
  'move-data': { outputs: { rows: 1200, target: 'us' } },
  ship: { skipped: ['everyone'] },
  'roll-out': {
    outputs: {
      first: 'https://eu.example',
      checks: {
        quick: { name: 'quick within 5s' },
        full: { name: 'full within 5m' },
      },
    },
  },
};

const PATHS = [
  'db-lifecycle',
  'deploy-app',
  'deploy-with-database',
  'ephemeral-env',
  'observability-setup',
  'onboard-team',
  's3-storage',
  'team-setup',
  'try-workflow',
  'undeploy-app',
];

/** Workflows that wait for somebody. */
const WAITING = ['manual-gate'];

describe.each(databases.each())('examples on %s', databaseId => {
  describe('workflows', () => {
    const workflows = exampleWorkflows();
    let engine: TestEngine;

    beforeAll(async () => {
      const knex = await databases.init(databaseId);
      engine = await createTestEngine({ knex });
      await engine.runtime.start();
    });

    afterAll(async () => {
      await engine.runtime.stop();
    });

    it('are all known to this test', () => {
      expect([...workflows.keys()].sort()).toEqual(
        [...Object.keys(EXPECTED), ...WAITING].sort(),
      );
    });

    it.each(Object.entries(EXPECTED))('%s runs', async (name, expected) => {
      const { id } = await engine.start({
        definition: workflows.get(name)!,
        metadata: { name: 'shop' },
      });
      const run = await engine.waitForEnd(id);
      expect(run.failure).toBeUndefined();
      const skipped = run.steps.filter(step => step.status !== 'succeeded');
      expect(skipped.map(step => step.name)).toEqual(expected.skipped ?? []);
      expect(run.outputs).toEqual(expected.outputs ?? {});
    });

    it('of the documentation are found', () => {
      expect(documentedPaths().map(([name]) => name)).toEqual(
        expect.arrayContaining(Object.keys(DOCUMENTED)),
      );
    });

    it.each(
      documentedPaths().filter(([name]) => Object.hasOwn(DOCUMENTED, name)),
    )(
      '%s of the documentation does what the text says',
      async (name, found) => {
        const required = found.parameters.filter(each => each.required);
        const { values, issues } = validateParameters(
          found.parameters,
          Object.fromEntries(required.map(each => [each.name, 'shop.example'])),
        );
        expect(issues).toEqual([]);
        const { id } = await engine.start({
          definition: found.workflow,
          parameters: values,
        });
        const run = await engine.waitForEnd(id);
        expect(run.failure).toBeUndefined();
        const skipped = run.steps.filter(step => step.status !== 'succeeded');
        const expected = DOCUMENTED[name];
        expect(skipped.map(step => step.name)).toEqual(expected.skipped ?? []);
        expect(run.outputs).toEqual(expected.outputs ?? {});
      },
    );

    it.each(WAITING)('%s waits for a person', async name => {
      const { id } = await engine.start({ definition: workflows.get(name)! });
      await eventually(
        async () => (await engine.runs.get(id)).status === 'waiting',
      );
      const { waiting } = await engine.runs.get(id);
      expect(waiting).toMatchObject({
        kind: 'approval',
        message: 'Step "Deploy to production" waits for an approval.',
      });
      await engine.runs.cancel({ id, by: 'user:default/jane' });
      expect((await engine.waitForEnd(id)).status).toBe('cancelled');
    });
  });

  describe('golden paths', () => {
    let api: TestApi;

    beforeAll(async () => {
      api = await startTestApi({
        knex: await databases.initEmpty(databaseId),
        locations: EXAMPLE_LOCATIONS,
        entities: exampleEntities(),
      });
    });

    afterAll(async () => {
      await api.stop();
    });

    async function run(name: string, body: object): Promise<Run> {
      const started = await api
        .user('admin')
        .post(`/golden-paths/${name}/runs`, body);
      expect(started.body).toMatchObject({ id: expect.any(String) });
      return await api.waitForRun(started.body.id);
    }

    const skippedOf = (ended: Run) =>
      ended.steps
        .filter(step => step.status !== 'succeeded')
        .map(step => step.name);

    it('of every documented kind are offered', async () => {
      const { body } = await api.user('admin').get('/golden-paths');
      const names = body.items.map((offered: { name: string }) => offered.name);
      expect(names).toEqual(expect.arrayContaining(PATHS));
    });

    it('get the workflows that policies require', async () => {
      const { status, body } = await api
        .user('admin')
        .post('/applications/development/podinfo/plans', {
          action: 'deploy',
          goldenPath: 'checked-release',
          score: readFileSync(
            path.resolve(WORKFLOWS, '../score/podinfo.yaml'),
            'utf8',
          ),
        });
      expect([status, body.allowedActions?.deploy]).toEqual([
        201,
        { allowed: true },
      ]);
      const names = body.steps.map((step: { name: string }) => step.name);
      expect(names.at(0)).toBe('pre-deployment-check-release');
      expect(names.at(-1)).toBe('post-deployment-watch-release');
      expect(names).not.toContain('pre-deployment-look-for-freeze');
    });

    it.each<[string, object, { skipped?: string[]; outputs?: object }]>([
      [
        'db-lifecycle',
        { database: 'orders', operation: 'backup' },
        {
          skipped: [
            ...['agree', 'migration', 'restore', 'run-backup'],
            ...['run-migration', 'run-restore', 'run-health'],
            'report-failure',
          ],
          outputs: { database: 'orders' },
        },
      ],
      [
        'ephemeral-env',
        { name: 'pr-7', ttl: '4h' },
        {
          outputs: {
            environment: 'pr-7',
            expiresAt: expect.stringMatching(/^20\d\d-.*Z$/),
          },
        },
      ],
      [
        'observability-setup',
        { enable_metrics: false },
        {
          skipped: [
            ...['prometheus', 'tempo', 'alerts', 'dashboards'],
            ...['apply', 'commit', 'write'],
          ],
        },
      ],
      [
        'observability-setup',
        { enable_metrics: false, enable_logs: false },
        {
          skipped: [
            ...['prometheus', 'loki', 'tempo', 'alerts', 'dashboards'],
            ...['grafana', 'apply', 'commit', 'write', 'simulate'],
          ],
        },
      ],
      [
        'team-setup',
        { org_name: 'orders' },
        {
          skipped: ['create-organisation', 'create-teams', 'check'],
          outputs: { organisation: 'orders' },
        },
      ],
      [
        'onboard-team',
        { team: 'orders' },
        {
          skipped: ['apply', 'commit', 'write'],
          outputs: {
            namespace: 'team-orders',
            database: 'orders.db.simulator.example',
          },
        },
      ],
      [
        'try-workflow',
        { workflow: 'sizes' },
        { outputs: { outputs: { orders: 'orders-small' } } },
      ],
      ['s3-storage', { bucket: 'assets' }, { outputs: { bucket: 'assets' } }],
    ])('%s runs with %j', async (name, parameters, expected) => {
      const ended = await run(name, { parameters });
      expect(ended.failure).toBeUndefined();
      expect(skippedOf(ended)).toEqual(expected.skipped ?? []);
      expect(ended.outputs).toMatchObject(expected.outputs ?? {});
    });

    it('offer every example workflow that needs nothing else', async () => {
      const { body } = await api
        .user('admin')
        .get('/golden-paths/try-workflow');
      expect([...body.parameters[0].allowedValues].sort()).toEqual(
        [...exampleWorkflows().keys()]
          .filter(name => name !== 'about-the-run')
          .sort(),
      );
    });

    it('wait for other teams, and refer to what is there already', async () => {
      const score = exampleScore('partners').replace(
        'name: partners.example.com',
        'name: partners.example.com\n      takes: 2s',
      );
      const admin = api.user('admin');
      const application = '/applications/development/partners';
      const { body: plan } = await admin.post(`${application}/plans`, {
        action: 'deploy',
        score,
      });
      expect(
        Object.fromEntries(
          plan.resources.map((one: PlannedResource) => [
            one.name,
            one.management,
          ]),
        ),
      ).toEqual({ zone: 'delegated', customers: 'external' });

      const { body: deployment } = await admin.post(
        `${application}/deployments`,
        { action: 'deploy', score },
      );
      const find = async (management: string): Promise<Resource[]> =>
        (
          await admin.get(
            `/resources?filter[workload]=partners&filter[management]=${management}`,
          )
        ).body.items;
      await eventually(async () => {
        const [zone] = await find('delegated');
        return zone?.waitingFor !== undefined;
      }, 20_000);
      const [zone] = await find('delegated');
      expect(zone).toMatchObject({
        name: 'zone',
        state: 'provisioning',
        waitingFor: {
          message:
            'Waits for the network team to delegate partners.example.com.',
          link: {
            url: expect.stringContaining('https://desk.simulator.example/'),
            title: 'Request for partners.example.com',
          },
        },
      });
      const ended = await api.waitForRun(deployment.runId);
      expect(ended.failure).toBeUndefined();
      expect(await find('delegated')).toMatchObject([
        {
          state: 'active',
          outputs: { zone: 'partners.example.com', token: '••••' },
        },
      ]);
      expect(await find('external')).toMatchObject([
        {
          name: 'customers',
          state: 'active',
          outputs: { host: 'customers.development.legacy.example' },
        },
      ]);
      expect(await find('native')).toEqual([]);
    });

    it('deliver a workload, migrate its database, and take it away', async () => {
      const score = exampleScore('orders');
      const environment = 'development';
      const deployed = await run('deploy-app', { environment, score });
      expect(deployed.status).toBe('succeeded');
      const migrated = await run('deploy-with-database', {
        environment,
        score,
        parameters: { migrate: true },
      });
      expect(migrated.failure).toBeUndefined();
      expect(skippedOf(migrated)).toEqual([
        ...['back-up', 'migrate', 'apply', 'commit', 'write'],
        'forget-credentials',
      ]);
      const removed = await run('undeploy-app', {
        environment,
        entityRef: 'component:default/orders',
      });
      expect(removed.failure).toBeUndefined();
    });
  });
});
