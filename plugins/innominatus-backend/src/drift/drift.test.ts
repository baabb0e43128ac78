import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Knex } from 'knex';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const simulator = path.resolve(
  __dirname,
  '../../../../examples/providers/simulator',
);
const read = (name: string) =>
  readFileSync(path.join(simulator, name), 'utf8').replaceAll(
    /delay: [0-9]+s/g,
    'delay: 0s',
  );

/** What a test says that there is of resources of the type `box`. */
const seen = (steps: string) => `
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: see-box }
spec:
  steps:
    - name: see
      type: simulate
      config: ${steps}
  outputs: { size: '\${see.size}', key: '\${see.key}', params: '\${see.params}', exists: '\${see.exists}' }
`;

const PLATFORM = `
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec: { type: development }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-app, version: 1.0.0 }
spec:
  steps:
    - { name: provision, type: resource-provisioning }
    - { name: prune, type: resource-provisioning, config: { operation: delete } }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: make-box }
spec:
  steps:
    - name: make
      type: simulate
      config:
        outputs: { size: small, key: 'key-\${params.resource.guid}' }
        sensitive: [key]
  outputs: { size: '\${make.size}', key: '\${make.key}' }
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: boxes, version: 1.0.0 }
spec:
  resourceTypes:
    - type: box
      outputs: [{ name: size }, { name: key, sensitive: true }]
      hints: [{ type: text, label: Size, value: '\${outputs.size}' }]
      operations:
        create: { workflow: make-box }
        read: { workflow: see-box }
    - type: stone
      outputs: [{ name: weight }]
      values: { weight: 7 }
`;

const score = (resources: object) => `
apiVersion: score.dev/v1b1
metadata: { name: orders }
containers: { main: { image: 'registry.example/orders:1' } }
resources: ${JSON.stringify(resources)}
`;

describe.each(databases.each())('drift of resources on %s', id => {
  let knex: Knex;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    knex = await databases.init(id);
  });

  afterEach(async () => {
    await stop();
  });

  const start = async (
    resources: object = { box: { type: 'box' }, stone: { type: 'stone' } },
    see = `{ outputs: { size: small, key: '\${params.outputs.key}', exists: true, params: {} } }`,
  ) => {
    const files = new Map([
      ['platform.yaml', PLATFORM],
      ['see.yaml', seen(see)],
      ['provider.yaml', read('provider.yaml')],
      ['workflows.yaml', read('workflows.yaml')],
    ]);
    const test = await createTestPlatform({ knex, files });
    stop = test.stop;
    const { run } = await test.deploy('development/orders', {
      score: score(resources),
    });
    expect(run.status).toBe('succeeded');
    // Nobody owns what no catalog names, and nobody would be told.
    await knex('resources').update({ owner: 'group:default/shop' });
    return {
      ...test,
      see: async (steps: string) => {
        files.set('see.yaml', seen(steps));
        await test.registry.refresh();
      },
      dueNow: () =>
        knex('resources')
          .whereNotNull('drift_due_at')
          .update({ drift_due_at: 0 }),
      /** As if the last change was an hour ago. */
      age: () =>
        knex('resources').update({ updated_at: Date.now() - 3_600_000 }),
      found: async () =>
        (await test.api.get('/applications/development/orders/drift')).body,
      check: async (body: object = {}) =>
        (
          await test.api
            .post('/applications/development/orders/drift/check')
            .send(body)
            .expect(200)
        ).body,
      accept: (body: object) =>
        test.api
          .post('/applications/development/orders/drift/accept')
          .send(body),
      box: async () =>
        (await test.api.get('/resources?filter[name]=box')).body.items[0],
      count: async () =>
        (await test.api.get('/applications/development/orders')).body.drift
          .count,
    };
  };

  it('is looked for when it is time, told once, and kept out of the list of runs', async () => {
    const test = await start();
    expect(await test.found()).toMatchObject({ status: 'unknown', count: 0 });
    // What was just made is left alone for a while.
    expect(await test.drift.checkDue()).toBe(0);

    await test.dueNow();
    // The stone has nobody who could look at it.
    expect(await test.drift.checkDue()).toBe(1);
    expect(await test.found()).toMatchObject({
      status: 'none',
      count: 0,
      resources: [{ name: 'box', status: 'none', changes: [] }],
    });
    await test.dueNow();
    expect(await test.drift.checkDue()).toBe(1);

    await test.see(
      `{ outputs: { size: large, key: other, exists: true, params: {} }, sensitive: [key] }`,
    );
    const listed = (await test.api.get('/resources')).body.items.length;
    expect(listed).toBe(2);
    for (let look = 0; look < 2; look += 1) {
      await test.dueNow();
      await test.drift.checkDue();
    }
    const found = await test.found();
    expect(found).toMatchObject({ status: 'drifted', count: 1 });
    expect(found.resources[0].changes).toEqual([
      { path: 'outputs.size', before: 'small', after: 'large' },
      { path: 'outputs.key', before: '••••', after: '••••' },
    ]);
    expect(JSON.stringify(await knex('resources').select())).not.toContain(
      'other',
    );
    expect(await test.count()).toBe(1);
    expect((await test.box()).drift).toMatchObject({ status: 'drifted' });
    expect(test.events.filter(({ type }) => type === 'drift.found')).toEqual([
      {
        type: 'drift.found',
        environment: 'development',
        name: 'orders',
        resourceId: found.resources[0].id,
      },
    ]);
    expect(test.notifications).toHaveLength(1);
    expect(test.notifications[0]).toMatchObject({
      recipients: { entityRef: ['group:default/shop'] },
      payload: { link: `/innominatus/resources/${found.resources[0].id}` },
    });

    const runs = await test.store.list({
      limit: 50,
      filter: {},
      sort: '-createdAt',
    });
    expect(runs.items.map(run => run.title)).toEqual([
      'Deploy orders in development',
    ]);
    const looks = await test.store.list({
      limit: 50,
      filter: { purpose: ['drift'] },
      sort: '-createdAt',
    });
    expect(looks.items).toHaveLength(4);
    expect(looks.items[0]).toMatchObject({
      title: 'Drift of box (box)',
      purpose: 'drift',
    });
  });

  it('is accepted by whoever saw it, with a reason that stays', async () => {
    const test = await start();
    await test.see(
      `{ outputs: { size: large, key: other, exists: true, params: { color: red } }, sensitive: [key] }`,
    );
    const { resources } = await test.check();
    const { version } = resources[0];
    const body = { resource: 'box', version, reason: 'Enlarged by hand' };
    expect((await test.accept({ ...body, version: 'x' })).body.code).toBe(
      'DRIFT_CHANGED',
    );
    await test.see(
      `{ outputs: { size: huge, key: other, exists: true, params: { color: red } }, sensitive: [key] }`,
    );
    const late = await test.accept(body);
    expect([late.status, late.body.code]).toEqual([409, 'DRIFT_CHANGED']);
    expect((await test.box()).outputs.size).toBe('small');

    const { version: now } = (await test.found()).resources[0];
    const accepted = await test.accept({ ...body, version: now });
    expect(accepted.status).toBe(200);
    expect(accepted.body).toMatchObject({ status: 'none', count: 0 });
    const box = await test.box();
    expect(box).toMatchObject({
      state: 'active',
      outputs: { size: 'huge', key: '••••' },
      params: { color: 'red' },
      hints: [{ label: 'Size', value: 'huge' }],
    });
    const { items } = (await test.api.get(`/resources/${box.id}/transitions`))
      .body;
    expect(items.at(-1)).toMatchObject({
      to: 'active',
      reason: 'Drift accepted: Enlarged by hand',
      by: 'user:default/mock',
    });
    const record = await test.resources.get(box.id);
    await expect(test.secrets.get(record!.outputs.key as never)).resolves.toBe(
      'other',
    );
    expect((await test.check()).status).toBe('none');
    // The Score spec asks for nothing else than before.
    const plan = await test.api
      .post('/applications/development/orders/plans')
      .send({
        score: score({ box: { type: 'box' }, stone: { type: 'stone' } }),
      });
    expect(plan.body.summary).toMatchObject({ keep: 2, update: 0 });
  });

  it('is taken back by a deployment that says before what it does', async () => {
    const test = await start();
    const nothing = await test.api
      .post('/applications/development/orders/plans')
      .send({ action: 'repair', resources: ['box'] });
    expect([nothing.status, nothing.body.code]).toEqual([409, 'NOT_DRIFTED']);
    await test.see(
      `{ outputs: { size: large, key: '\${params.outputs.key}', exists: true, params: {} } }`,
    );
    await test.check();
    const plan = await test.api
      .post('/applications/development/orders/plans')
      .send({ action: 'repair' });
    expect(plan.status).toBe(201);
    expect(plan.body.resources).toMatchObject([
      {
        name: 'box',
        action: 'update',
        changes: [{ path: 'outputs.size', before: 'large', after: 'small' }],
      },
      { name: 'stone', action: 'keep' },
    ]);
    const { run, deployment } = await test.deploy('development/orders', {
      action: 'repair',
      resources: ['box'],
      planHash: plan.body.hash,
    });
    expect(run.title).toBe('Repair orders in development');
    expect([run.status, deployment.status, deployment.revision]).toEqual([
      'succeeded',
      'succeeded',
      1,
    ]);
    const updated = (
      await test.store.list({
        limit: 9,
        filter: { parentRun: [run.id] },
        sort: '-createdAt',
      })
    ).items;
    expect(updated.map(({ title }) => title)).toEqual(['update box (box)']);
    // What was found before does not hold any more.
    expect((await test.found()).count).toBe(0);
    expect((await test.box()).drift).toBeUndefined();
    const wrong = await test.api
      .post('/applications/development/orders/plans')
      .send({ action: 'deploy', resources: ['box'], score: score({}) });
    expect(wrong.status).toBe(400);
  });

  it.each(['exists', 'code'])(
    'is also that a resource is gone (by %s), which a repair makes anew and acceptance ends',
    async by => {
      const test = await start();
      const gone =
        by === 'exists'
          ? `{ outputs: { size: '', key: '', exists: 'false', params: {} } }`
          : `{ fail: { message: Nothing is there, code: RESOURCE_GONE } }`;
      await test.see(gone);
      const found = await test.check({ resource: 'box' });
      expect(found).toMatchObject({ status: 'missing', count: 1 });
      const { run } = await test.deploy('development/orders', {
        action: 'repair',
      });
      expect(run.status).toBe('succeeded');
      const [made] = (
        await test.store.list({
          limit: 9,
          filter: { parentRun: [run.id] },
          sort: '-createdAt',
        })
      ).items;
      expect(made.title).toBe('create box (box)');

      const again = await test.check();
      const accepted = await test.accept({
        resource: 'box',
        version: again.resources[0].version,
        reason: 'Not needed any more',
      });
      expect(accepted.body).toMatchObject({ count: 0, resources: [] });
      const box = await test.resources.get(again.resources[0].id);
      expect([box?.state, box?.outputs]).toEqual(['terminated', {}]);
    },
  );

  it('stays what it was while nobody can tell, and is not looked for where work goes on', async () => {
    const test = await start();
    await test.see(
      `{ outputs: { size: large, key: k, exists: true, params: {} } }`,
    );
    await test.check();
    const { since } = (await test.found()).resources[0];
    await test.see(`{ fail: { message: No network } }`);
    await test.check();
    expect((await test.found()).resources[0]).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('No network'),
      since,
    });
    await test.see(
      `{ outputs: { size: large, key: k, exists: true, params: {} } }`,
    );
    await test.check();
    expect(test.notifications).toHaveLength(1);

    await test.dueNow();
    await knex('resources').update({ state: 'updating' });
    expect(await test.drift.checkDue()).toBe(0);
    expect(
      (
        await test.accept({
          resource: 'box',
          version: (await test.found()).resources[0].version,
          reason: 'Fine',
        })
      ).status,
    ).toBe(409);
  });

  it('goes to one of several backends that look', async () => {
    const test = await start(
      Object.fromEntries(
        Array.from({ length: 6 }, (_, index) => [
          `box-${index}`,
          { type: 'box' },
        ]),
      ),
    );
    await test.dueNow();
    const counts = await Promise.all([
      test.drift.checkDue(),
      test.drift.checkDue(),
      test.drift.checkDue(),
    ]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
    const looks = await test.store.list({
      limit: 50,
      filter: { purpose: ['drift'] },
      sort: '-createdAt',
    });
    expect(looks.items).toHaveLength(6);
  });

  it('can be tried out with the simulator', async () => {
    const test = await start({
      db: { type: 'postgres', params: { drift: 'changed' } },
      old: { type: 'postgres', params: { drift: 'missing' } },
    });
    expect((await test.check()).status).toBe('none');
    await test.age();
    const found = await test.check();
    expect(found).toMatchObject({
      count: 2,
      resources: [
        {
          name: 'db',
          status: 'drifted',
          changes: [
            {
              path: 'outputs.host',
              after: 'moved-by-hand.db.simulator.example',
            },
          ],
        },
        { name: 'old', status: 'missing' },
      ],
    });
    await test.accept({
      resource: 'db',
      version: found.resources[0].version,
      reason: 'It moved',
    });
    const { run } = await test.deploy('development/orders', {
      action: 'repair',
    });
    expect(run.status).toBe('succeeded');
    expect((await test.check()).status).toBe('none');
    await test.age();
    const { resources } = await test.check();
    expect(resources.map((item: { status: string }) => item.status)).toEqual([
      'none',
      'missing',
    ]);
  });
});
