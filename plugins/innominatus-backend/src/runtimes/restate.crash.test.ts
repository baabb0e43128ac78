import { Knex } from 'knex';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRestateRuntime } from '../__testUtils__/restate/createRestateRuntime';
import { describeWithRestate } from '../__testUtils__/restate/describeWithRestate';
import { LoadBalancer } from '../__testUtils__/restate/LoadBalancer';
import {
  freePorts,
  RestateNode,
  RestateServer,
} from '../__testUtils__/restate/RestateServer';
import { testStepType } from '../__testUtils__/stepTypes';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
} from '../__testUtils__/TestEngine';
import { inOrder, testWorkflow } from '../__testUtils__/workflows';
import { sendSignal } from '../engine';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const RUNNER = resolve(__dirname, '../__testUtils__/killRunner.ts');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');

describeWithRestate('on Restate, with one server', () => {
  let server: RestateServer;

  beforeAll(async () => {
    server = await RestateServer.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  describe('a backend that is killed with -9 in the middle of its steps', () => {
    const RUNS = 3;
    const STEPS = 6;
    const KILLS = 2;
    let folder: string;
    let children: ChildProcess[];

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'innominatus-kill-'));
      children = [];
    });

    afterEach(async () => {
      await Promise.all(children.map(end));
      await rm(folder, { recursive: true, force: true });
    });

    async function end(child: ChildProcess): Promise<void> {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }

    /** Lines of the ledger, which the steps write beside the database. */
    async function ledger(): Promise<string[]> {
      const file = join(folder, 'ledger');
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.split('\n').filter(line => line !== '');
    }

    it('is followed by another one, and only what it was in the middle of is repeated', async () => {
      const [port] = await freePorts(1);
      const restate = {
        ingressUrl: server.ingressUrl,
        adminUrl: server.adminUrl,
        listen: { port },
        servicePrefix: 'kill',
      };
      const startProcess = () => {
        const child = spawn(
          process.execPath,
          [
            ...['--require', TRANSFORM, RUNNER],
            ...[folder, String(RUNS), String(STEPS), JSON.stringify(restate)],
          ],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        children.push(child);
        return child;
      };
      for (let kill = 1; kill <= KILLS; kill++) {
        const child = startProcess();
        const target = kill * RUNS + 1;
        await eventually(async () => (await ledger()).length >= target, 30_000);
        await end(child);
      }
      const last = startProcess();
      let output = '';
      last.stdout?.on('data', chunk => {
        output += chunk;
      });
      await once(last, 'exit');

      expect(JSON.parse(output)).toEqual(Array(RUNS).fill('succeeded'));
      const lines = await ledger();
      expect(lines.filter(line => line.startsWith('again'))).toEqual([]);
      const begun = lines.filter(line => line.startsWith('begin'));
      expect(new Set(begun).size).toBe(RUNS * STEPS);
      // One step of each run was in the middle, at most, when it was killed.
      expect(begun.length).toBeLessThanOrEqual(RUNS * STEPS + KILLS * RUNS);
      for (const line of new Set(begun)) {
        expect(lines).toContain(line.replace('begin', 'end'));
      }
    });
  });

  describe('a server that is killed with -9', () => {
    let knex: Knex;
    let engine: TestEngine;
    let balancer: LoadBalancer;

    beforeEach(async () => {
      knex = await databases.init(databases.each().flat().at(-1) as string);
      balancer = await LoadBalancer.start();
      engine = await createTestEngine({
        knex,
        createRuntime: host =>
          createRestateRuntime({
            server,
            balancer,
            servicePrefix: 'server',
            host,
          }),
      });
      await engine.runtime.start();
    });

    afterEach(async () => {
      await engine.runtime.stop();
      await balancer.close();
    });

    it('comes back with the runs that wait for an approval, which may be given meanwhile', async () => {
      const definition = testWorkflow(
        inOrder([
          { name: 'before', type: 'simulate' },
          { name: 'release', type: 'simulate', when: 'manual' },
        ]),
      );
      const { id } = await engine.start({ definition });
      const waiting = () =>
        engine.runs.get(id).then(run => run.waiting?.kind === 'approval');
      await eventually(waiting, 30_000);

      await server.nodes[0].kill();
      await sendSignal(knex, id, {
        id: 'approval',
        kind: 'approve',
        by: 'user:default/john',
      });
      engine.changes.publish({ kind: 'work' });
      const queued = await engine.start({ definition });
      const why = () =>
        engine.runs.get(queued.id).then(run => run.waiting?.message ?? '');
      await eventually(async () =>
        (await why()).startsWith('Waits for the runtime "test". Restate does'),
      );
      await server.nodes[0].start();
      await server.nodes[0].ready();

      expect((await engine.waitForEnd(id)).status).toBe('succeeded');
      const events = await engine.events(id);
      expect(events.filter(event => event.type === 'StepStarted')).toHaveLength(
        2,
      );
      await eventually(async () => {
        const run = await engine.runs.get(queued.id);
        return run.waiting?.kind === 'approval';
      }, 30_000);
      await engine.runs.cancel({ id: queued.id, by: 'user:default/jane' });
      expect((await engine.waitForEnd(queued.id)).status).toBe('cancelled');
    });
  });
});

describeWithRestate('on a cluster of three Restate servers', () => {
  const RUNS = 8;
  const STEPS = 6;
  let cluster: RestateServer;

  beforeAll(async () => {
    cluster = await RestateServer.start({ nodes: 3 });
  });

  afterAll(async () => {
    await cluster.stop();
  });

  it('ends every run, each step once, although one server is killed with -9', async () => {
    const knex = await databases.init(databases.each().flat().at(-1) as string);
    const balancer = await LoadBalancer.start();
    const [gone, entry]: RestateNode[] = cluster.nodes;
    const visits: string[] = [];
    const engine = await createTestEngine({
      knex,
      createRuntime: host =>
        createRestateRuntime({
          server: entry,
          balancer,
          servicePrefix: 'cluster',
          host,
        }),
      stepTypes: [
        testStepType('visit', async ({ idempotencyKey }) => {
          visits.push(idempotencyKey);
          await new Promise(done => setTimeout(done, 150));
        }),
      ],
    });
    await engine.runtime.start();
    try {
      const definition = testWorkflow(
        inOrder(
          Array.from({ length: STEPS }, (_, i) => ({
            name: `s${i}`,
            type: 'visit',
          })),
        ),
      );
      const ids = await Promise.all(
        Array.from({ length: RUNS }, () =>
          engine.start({ definition }).then(run => run.id),
        ),
      );
      await eventually(() => visits.length >= (RUNS * STEPS) / 3, 60_000);
      await gone.kill();
      expect(visits.length).toBeLessThan(RUNS * STEPS);

      const signal = AbortSignal.timeout(60_000);
      for (const id of ids) {
        const run = await engine.runs.waitForEnd({ id, signal });
        expect(run.status).toBe('succeeded');
      }
      // The backend lives, so no step was lost, and none ran a second time.
      expect([...visits].sort()).toEqual(
        ids
          .flatMap(id =>
            Array.from({ length: STEPS }, (_, i) => `${id}/s${i}/1`),
          )
          .sort(),
      );
    } finally {
      await engine.runtime.stop();
      await balancer.close();
    }
  });
});
