import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKillable } from '../__testUtils__/killable';
import { testStepType } from '../__testUtils__/stepTypes';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
  TestEngineOptions,
} from '../__testUtils__/TestEngine';
import { testWorkflow } from '../__testUtils__/workflows';
import { LocalProcessRunner } from '../stepRunners/local';

jest.setTimeout(90_000);

const databases = createTestDatabases();

describe.each(databases.each())('steps that run programs on %s', databaseId => {
  let knex: Knex;
  let folder: string;
  let engines: TestEngine[];

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    folder = await mkdtemp(join(tmpdir(), 'engine-runner-'));
    engines = [];
  });

  afterEach(async () => {
    await Promise.all(engines.map(engine => engine.runtime.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const ledger = () => join(folder, 'ledger');
  const go = () => join(folder, 'go');
  const state = () => join(folder, 'state');

  /** Runs the script of its config, and attaches after an interruption. */
  const program = testStepType(
    'program',
    async ({ config, resumed, runner, resolveSecrets }) => {
      const result =
        (resumed ? await runner.attach() : undefined) ??
        (await runner.run({
          program: 'node',
          args: ['-e', config.script, folder],
          env: await resolveSecrets(config.env ?? {}),
          graceMs: config.graceMs ?? Infinity,
        }));
      if (result.exitCode !== 0) {
        throw new Error(`It ended with ${JSON.stringify(result)}`);
      }
    },
    { onInterrupt: 'resume', effects: 'external' },
  );

  const createRunner = (onShutdown: 'detach' | 'finish' = 'detach') =>
    LocalProcessRunner.create({
      logger: mockServices.logger.mock(),
      config: {
        programs: [process.execPath],
        path: ['/usr/bin', '/bin'],
        stateDirectory: state(),
        outputBytes: 1024 * 1024,
        onShutdown,
      },
    });

  async function startEngine(options: Partial<TestEngineOptions> = {}) {
    const engine = await createTestEngine({
      knex,
      stepTypes: [program],
      stepRunner: createRunner(),
      ...options,
    });
    engines.push(engine);
    await engine.runtime.start();
    return engine;
  }

  const UNTIL_GO = `
    const fs = require('fs');
    const folder = process.argv[1];
    fs.appendFileSync(folder + '/ledger', 'started\\n');
    console.log('::set-output name=early::1');
    for (let i = 0; i < 500; i++) console.log('line ' + i);
    console.log('before');
    const look = () => {
      if (!fs.existsSync(folder + '/go')) return setTimeout(look, 20);
      console.log('::set-output name=late::2');
      console.log('after');
    };
    look();
  `;

  const workflow = (config: object) =>
    testWorkflow([{ name: 's', type: 'program', config: { ...config } }]);

  async function logOf(engine: TestEngine, id: string) {
    const lines = await engine.runs.logs({ id, limit: 2000 });
    return lines.map(line => line.text);
  }

  const starts = async () =>
    (await readFile(ledger(), 'utf8')).trim().split('\n').length;

  async function expectOneComplete(engine: TestEngine, id: string) {
    await writeFile(go(), '');
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('succeeded');
    expect(run.steps[0].outputs).toEqual({ early: '1', late: '2' });
    expect(await starts()).toBe(1);
    expect(await logOf(engine, id)).toEqual([
      '::set-output name=early::1',
      ...Array.from({ length: 500 }, (_, i) => `line ${i}`),
      'before',
      '::set-output name=late::2',
      'after',
    ]);
  }

  it('go on while their backend shuts down, and are picked up by the next', async () => {
    const first = await startEngine();
    const { id } = await first.start({
      definition: workflow({ script: UNTIL_GO }),
    });
    await eventually(async () => (await logOf(first, id)).includes('before'));
    const begun = performance.now();
    await first.runtime.stop();
    expect(performance.now() - begun).toBeLessThan(5_000);
    const second = await startEngine();
    await expectOneComplete(second, id);
    await eventually(async () => (await readdir(state())).length === 0);
  });

  it('go on when their backend falls silent, and are picked up by another', async () => {
    const killable = createKillable(knex);
    const first = await startEngine({ runtimeKnex: killable.knex });
    const { id } = await first.start({
      definition: workflow({ script: UNTIL_GO }),
    });
    await eventually(async () => (await logOf(first, id)).includes('before'));
    await new Promise(resolve => setTimeout(resolve, 500));
    killable.kill();
    const second = await startEngine();
    await eventually(async () => {
      const { steps } = await second.runs.get(id);
      return steps[0].status === 'running';
    });
    await expectOneComplete(second, id);
    killable.revive();
  });

  it('may end before a backend stops that would take them along', async () => {
    const engine = await startEngine({
      stepRunner: createRunner('finish'),
      shutdownGraceMs: 20_000,
    });
    const { id } = await engine.start({
      definition: workflow({ script: UNTIL_GO }),
    });
    await eventually(async () => (await logOf(engine, id)).includes('before'));
    const stopped = engine.runtime.stop();
    await new Promise(resolve => setTimeout(resolve, 500));
    await writeFile(go(), '');
    await stopped;
    const { steps } = await engine.runs.get(id);
    expect(steps[0].status).toBe('succeeded');
    expect(await logOf(engine, id)).toContain('after');
  });

  it('are told to end when such a backend has no time left', async () => {
    const engine = await startEngine({
      stepRunner: createRunner('finish'),
      shutdownGraceMs: 300,
      stopGraceMs: 10_000,
    });
    const { id } = await engine.start({
      definition: workflow({
        script: `
          process.on('SIGTERM', () => {
            console.log('saving');
            setTimeout(() => process.exit(1), 300);
          });
          setInterval(() => {}, 1000);
          console.log('ready');
        `,
      }),
    });
    await eventually(async () => (await logOf(engine, id)).includes('ready'));
    await engine.runtime.stop();
    const { steps } = await engine.runs.get(id);
    expect(steps[0]).toMatchObject({
      status: 'failed',
      error: {
        code: 'PROGRAM_INTERRUPTED',
        message: expect.stringContaining('did so with exit code 1'),
      },
    });
    expect(await logOf(engine, id)).toContain('saving');
  });

  it('are told to end by a cancel, and killed by the second one', async () => {
    const engine = await startEngine({ stopGraceMs: 5_000 });
    const { id } = await engine.start({
      definition: workflow({
        script: `
          process.on('SIGTERM', () => console.log('asked'));
          setInterval(() => {}, 1000);
          console.log('ready');
        `,
      }),
    });
    await eventually(async () => (await logOf(engine, id)).includes('ready'));
    await engine.runs.cancel({ id, by: 'user:default/jane' });
    await eventually(async () => (await logOf(engine, id)).includes('asked'));
    await new Promise(resolve => setTimeout(resolve, 500));
    await engine.runs.cancel({ id, by: 'user:default/jane' });
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('cancelled');
    expect(run.steps[0].error?.code).toBe('CANCELLED');
  });

  it('show no secret that a program prints', async () => {
    const engine = await startEngine();
    const reference = await engine.secrets.put(
      'test/token',
      'the-canary-value',
    );
    const { id } = await engine.start({
      definition: workflow({
        script: `
          const { TOKEN } = process.env;
          console.log('plain ' + TOKEN);
          console.error(Buffer.from('user:' + TOKEN).toString('base64'));
          console.log('x'.repeat(20000) + TOKEN);
        `,
        env: { TOKEN: { ...reference } },
      }),
    });
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('succeeded');
    const log = (await logOf(engine, id)).join('\n');
    expect(log).toContain('plain ••••');
    expect(log).not.toContain('canary');
    expect(log).not.toContain(
      Buffer.from('the-canary-value').toString('base64').slice(4, 16),
    );
  });
});
