import { isSecretReference } from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { z } from 'zod';
import { testStepType } from '../__testUtils__/stepTypes';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestEngine, TestEngine } from '../__testUtils__/TestEngine';
import { inOrder, testWorkflow } from '../__testUtils__/workflows';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const CANARY = 'c4n"ry/+ käfig?';
const FORMS = [
  CANARY,
  JSON.stringify(CANARY).slice(1, -1),
  encodeURIComponent(CANARY),
  Buffer.from(CANARY).toString('base64'),
];
/** Of the secret within a longer encoded text, without what touches its edges. */
const CORE = Buffer.from(`user:${CANARY}`).toString('base64').slice(8, -4);

describe.each(databases.each())('secrets of runs on %s', databaseId => {
  let knex: Knex;
  let engine: TestEngine;
  let seen: unknown[];

  beforeEach(async () => {
    seen = [];
    knex = await databases.init(databaseId);
    const making = testStepType('making', async () => ({
      outputs: { password: CANARY, url: `db://app:${CANARY}@host` },
      sensitive: ['password'],
      resources: { db: { password: CANARY } },
    }));
    const leaking = testStepType(
      'leaking',
      async context => {
        const { password } = await context.resolveSecrets(context.config);
        seen.push(password);
        seen.push(await context.resolveSecretText(context.config.text));
        for (const form of FORMS) {
          context.log.info(`Value ${form} of a tool`);
        }
        context.log.info(`OUTPUT_leaked=${password}`);
        const basic = Buffer.from(`user:${password}`).toString('base64');
        context.log.warn(`authorization: Basic ${basic}`);
        throw new StepFailure(`Could not log in with ${password}`, {
          code: 'LOGIN_FAILED',
        });
      },
      { schema: z.object({ password: z.string(), text: z.string() }) },
    );
    engine = await createTestEngine({ knex, stepTypes: [making, leaking] });
    await engine.runtime.start();
  });

  afterEach(async () => {
    await engine.runtime.stop();
  });

  async function everyRow(): Promise<string> {
    const tables = [
      'workflow_runs',
      'run_events',
      'run_signals',
      'log_chunks',
      'run_artifacts',
      'secrets',
      'idempotency_keys',
    ];
    const rows = await Promise.all(tables.map(table => knex(table)));
    return rows
      .flat()
      .flatMap(row => Object.values(row).map(String))
      .join('\n');
  }

  it('keep their type and their parts, and are found wherever a part turns up', async () => {
    const MAP = { user: 'application', password: 'par"t-of-a-map', port: 5432 };
    const got: unknown[] = [];
    const typed = testStepType('typed', async () => ({
      outputs: { map: MAP, pin: 543210, list: ['first-secret', null, true] },
      sensitive: ['map', 'pin', 'list'],
    }));
    const using = testStepType('using', async context => {
      got.push(await context.resolveSecrets(context.config));
      context.log.info(`tool printed ${MAP.password} and 543210`);
      context.log.info(`OUTPUT_url=db://${MAP.password}@host`);
      context.log.info(`OUTPUT_whole=${MAP.password}`);
      return { outputs: { copy: `x ${MAP.password} y` } };
    });
    const after = testStepType('after', async context => {
      got.push(await context.resolveSecrets(context.config));
    });
    const other = await createTestEngine({
      knex,
      stepTypes: [typed, using, after],
    });
    await engine.runtime.stop();
    await other.runtime.start();
    const { id } = await other.start({
      definition: testWorkflow(
        inOrder([
          { name: 'a', type: 'typed' },
          {
            name: 'b',
            type: 'using',
            config: {
              map: '${a.map}',
              pin: '${a.pin}',
              list: '${a.list}',
              part: '${a.map.password}',
              port: '${a.map.port}',
              text: 'u=${a.map.user} p=${a.map.port} ${a.list}',
            },
          },
          {
            name: 'c',
            type: 'after',
            config: { url: '${b.url}', whole: '${b.whole}', copy: '${b.copy}' },
          },
        ]),
      ),
    });
    const run = await other.waitForEnd(id);
    await other.runtime.stop();
    expect(run.status).toBe('succeeded');
    expect(got).toEqual([
      {
        map: MAP,
        pin: 543210,
        list: ['first-secret', null, true],
        part: MAP.password,
        port: 5432,
        text: 'u=application p=5432 ["first-secret",null,true]',
      },
      {
        url: `db://${MAP.password}@host`,
        whole: MAP.password,
        copy: `x ${MAP.password} y`,
      },
    ]);
    const rows = await everyRow();
    expect(rows).toContain('tool printed •••• and ••••');
    for (const secret of ['par"t-of', 'par\\"t-of', '543210', 'first-secret']) {
      expect(rows).not.toContain(secret);
    }
  });

  it('fail a step that asks for a part that is not there', async () => {
    const typed = testStepType('typed', async () => ({
      outputs: { map: { user: 'application' } },
      sensitive: ['map'],
    }));
    const using = testStepType('using', async context => {
      await context.resolveSecrets(context.config);
    });
    const other = await createTestEngine({ knex, stepTypes: [typed, using] });
    await engine.runtime.stop();
    await other.runtime.start();
    const { id } = await other.start({
      definition: testWorkflow(
        inOrder([
          { name: 'a', type: 'typed' },
          { name: 'b', type: 'using', config: { x: '${a.map.nope}' } },
        ]),
      ),
    });
    const run = await other.waitForEnd(id);
    await other.runtime.stop();
    expect(run.failure?.error.message).toMatch(/has no part "nope"/);
  });

  it('reach the steps that need them and no row, log or error', async () => {
    const { id } = await engine.start({
      definition: testWorkflow(
        inOrder([
          { name: 'a', type: 'making', setVariables: { p: '${a.password}' } },
          {
            name: 'b',
            type: 'leaking',
            config: {
              password: '${resources.db.password}',
              text: 'postgres://app:${p}@db and ${a.url}',
            },
          },
        ]),
      ),
    });
    const run = await engine.waitForEnd(id);
    expect(run.failure?.error).toEqual({
      code: 'LOGIN_FAILED',
      message: 'Could not log in with ••••',
      transient: false,
    });
    expect(seen).toEqual([
      CANARY,
      `postgres://app:${CANARY}@db and db://app:${CANARY}@host`,
    ]);
    expect(isSecretReference(run.steps[0].outputs.password)).toBe(true);

    const rows = await everyRow();
    expect(rows).toContain('Value •••• of a tool');
    for (const form of [...FORMS, CORE]) {
      expect(rows).not.toContain(form);
    }
    const logged = [
      ...engine.logger.debug.mock.calls,
      ...engine.logger.info.mock.calls,
      ...engine.logger.warn.mock.calls,
      ...engine.logger.error.mock.calls,
    ];
    expect(JSON.stringify(logged)).not.toContain('käfig');
  });

  it('that a later worker was not told about are redacted as well', async () => {
    const reference = await engine.secrets.put('resource/1/token', CANARY);
    const { id } = await engine.start({
      definition: testWorkflow([
        {
          name: 'a',
          type: 'simulate',
          config: { messages: [`The token is ${CANARY}`] },
        },
      ]),
      parameters: { token: reference },
    });
    await engine.waitForEnd(id);
    const [line] = await engine.runs.logs({ id, limit: 10 });
    expect(line.text).toBe('[1/1] The token is ••••');
  });
});
