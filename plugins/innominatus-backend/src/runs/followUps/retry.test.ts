import { mockCredentials } from '@backstage/backend-test-utils';
import { RetryRequest } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { testStepType } from '../../__testUtils__/stepTypes';
import { createTestDatabases } from '../../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
} from '../../__testUtils__/TestEngine';
import { inOrder, testWorkflow, TestStep } from '../../__testUtils__/workflows';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const credentials = mockCredentials.user('user:default/joe');
const initiator = 'user:default/joe';

describe.each(databases.each())('retry on %s', databaseId => {
  let knex: Knex;
  let engine: TestEngine;
  let broken: boolean;
  let calls: string[];
  let seen: unknown[];

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    broken = true;
    calls = [];
    seen = [];
    const make = testStepType('make', async context => {
      calls.push(context.step.name);
      await context.artifacts.write('plan', `plan of ${context.run.number}`);
      return { outputs: { token: 'hunter22', id: 7 }, sensitive: ['token'] };
    });
    const use = testStepType(
      'use',
      async context => {
        calls.push(context.step.name);
        seen.push(await context.resolveSecrets(context.config));
        seen.push(await context.artifacts.read('plan'));
        context.log.info(`with hunter22`);
        if (broken) {
          throw new Error('It broke.');
        }
      },
      { effects: 'external' },
    );
    engine = await createTestEngine({ knex, stepTypes: [make, use] });
    await engine.runtime.start();
    engine.ends.start();
  });

  afterEach(async () => {
    await engine.ends.stop();
    await engine.runtime.stop();
  });

  const STEPS: TestStep[] = inOrder([
    { name: 'make', type: 'make', setVariables: { id: '${make.id}' } },
    {
      name: 'use',
      type: 'use',
      config: { token: '${make.token}', id: '${id}' },
    },
  ]);

  async function failed(steps = STEPS) {
    const { id } = await engine.start({
      definition: testWorkflow(steps),
      goldenPath: 'deploy-app',
      concurrencyKey: 'app',
      application: {
        environment: 'dev',
        environmentType: 'development',
        name: 'orders',
        owner: 'group:default/orders',
      },
    });
    return engine.waitForEnd(id);
  }

  async function retry(id: string, request: Partial<RetryRequest> = {}) {
    const { followUps } = engine;
    const { from } = request;
    const preview = await followUps.previewRetry({ id, from, credentials });
    return followUps.retry({
      id,
      credentials,
      initiator,
      request: {
        previewVersion: preview.version,
        acknowledge: preview.acknowledge,
        ...request,
      },
    });
  }

  it('runs again what failed, with secrets and artifacts of what was kept', async () => {
    const run = await failed();
    expect(run.allowedActions.retry).toEqual({ allowed: true });
    const preview = await engine.followUps.previewRetry({
      id: run.id,
      credentials,
    });
    expect(preview).toEqual({
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      kept: ['make'],
      again: [
        { step: 'use', type: 'use', effects: 'external', startedBefore: true },
      ],
      acknowledge: ['use'],
      allowed: true,
    });
    broken = false;
    const { id } = await retry(run.id);
    const second = await engine.waitForEnd(id);
    expect(second).toMatchObject({
      status: 'succeeded',
      goldenPath: 'deploy-app',
      application: { environment: 'dev', name: 'orders' },
      initiator,
      retryOf: { id: run.id, number: run.number },
      steps: [{ carried: true, attempt: 0 }, { attempt: 1 }],
    });
    expect(calls).toEqual(['make', 'use', 'use']);
    expect(seen.slice(-2)).toEqual([
      { token: 'hunter22', id: 7 },
      `plan of ${run.number}`,
    ]);
    const [line] = await engine.runs.logs({ id, limit: 10 });
    expect(line.text).toBe('with ••••');
    expect(await engine.runs.get(run.id)).toMatchObject({
      version: run.version + 1,
      retriedBy: { id, number: second.number },
      allowedActions: {
        retry: {
          allowed: false,
          reason: `Run ${run.number} was retried by run ${second.number}.`,
        },
      },
    });
    expect(
      (
        await engine.store.list({
          limit: 5,
          filter: { retryOf: [run.id] },
          sort: 'createdAt',
        })
      ).items.map(item => item.id),
    ).toEqual([id]);
  });

  it('can be retried itself, and keeps what two runs before it left', async () => {
    const run = await failed();
    const second = await engine.waitForEnd((await retry(run.id)).id);
    broken = false;
    const third = await engine.waitForEnd((await retry(second.id)).id);
    expect(third.status).toBe('succeeded');
    expect(calls).toEqual(['make', 'use', 'use', 'use']);
    expect(seen.at(-2)).toEqual({ token: 'hunter22', id: 7 });
    expect(third.steps[0].outputs.token).toEqual({
      $secretRef: `run/${run.id}/make/token`,
    });
  });

  it('keeps what was taken over when it is cancelled before it began', async () => {
    const run = await failed();
    await engine.runtime.stop();
    const { id } = await retry(run.id);
    await engine.runs.cancel({ id, by: initiator });
    const preview = await engine.followUps.previewRetry({ id, credentials });
    expect(preview.kept).toEqual(['make']);
  });

  it('of a run that succeeded needs a step to start from', async () => {
    broken = false;
    const run = await failed();
    const { followUps } = engine;
    expect(await followUps.previewRetry({ id: run.id, credentials })).toEqual(
      expect.objectContaining({
        allowed: false,
        reason: expect.stringContaining('name the step to start from'),
      }),
    );
    await expect(retry(run.id)).rejects.toMatchObject({
      status: 409,
      code: 'RETRY_NOT_ALLOWED',
    });
    const { id } = await retry(run.id, { from: 'make' });
    expect(await engine.waitForEnd(id)).toMatchObject({ status: 'succeeded' });
    expect(calls).toEqual(['make', 'use', 'make', 'use']);
    await expect(retry(id, { from: 'nowhere' })).rejects.toThrow(
      'Its steps are: "make", "use".',
    );
  });

  it('starts once, however often and at the same time it is asked for', async () => {
    const run = await failed();
    const answers = await Promise.allSettled([
      retry(run.id),
      retry(run.id),
      retry(run.id),
    ]);
    const started = answers.filter(answer => answer.status === 'fulfilled');
    expect(started).toHaveLength(1);
    expect(
      answers.flatMap(answer =>
        answer.status === 'rejected' ? [answer.reason.status] : [],
      ),
    ).toEqual([409, 409]);
    expect(
      await knex('workflow_runs').where({ retry_of: run.id }),
    ).toHaveLength(1);
  });

  /** A retry of a failed run under an id that the caller chose. */
  async function chosenRetry() {
    const { id } = await failed();
    const { version } = await engine.followUps.previewRetry({
      id,
      credentials,
    });
    const call = () =>
      engine.followUps.retry({
        id,
        credentials,
        initiator,
        runId: 'chosen',
        request: { previewVersion: version, acknowledge: ['use'] },
      });
    return { id, call };
  }

  it('answers the same run to the same call', async () => {
    const { call } = await chosenRetry();
    const [one, two] = await Promise.all([call(), call()]);
    expect([one.id, two.id, (await call()).id]).toEqual(
      Array(3).fill('chosen'),
    );
  });

  it('answers the same run to a call that the same call overtakes', async () => {
    const { id, call } = await chosenRetry();
    jest.spyOn(engine.store, 'getSummary').mockImplementationOnce(async () => {
      // It has looked, and the other one is through before it goes on.
      await call();
      return undefined;
    });
    expect((await call()).id).toBe('chosen');
    expect(await knex('workflow_runs').where({ retry_of: id })).toHaveLength(1);
  });

  it('is refused without the preview, and without knowing what it touches', async () => {
    const run = await failed();
    await expect(
      retry(run.id, { previewVersion: 'forged' }),
    ).rejects.toMatchObject({ status: 409, code: 'PREVIEW_CHANGED' });
    const other = await engine.followUps.previewRetry({
      id: run.id,
      from: 'make',
      credentials,
    });
    await expect(
      retry(run.id, { previewVersion: other.version }),
    ).rejects.toMatchObject({ code: 'PREVIEW_CHANGED' });
    await expect(retry(run.id, { acknowledge: [] })).rejects.toMatchObject({
      status: 422,
      code: 'ACKNOWLEDGEMENT_MISSING',
      message: expect.stringContaining('"use"'),
    });
    await expect(
      retry(run.id, { acknowledge: ['use', 'nowhere'] }),
    ).rejects.toThrow('"nowhere", which is no step');
    expect(await knex('workflow_runs')).toHaveLength(1);
  });

  it('of a run in progress is refused with the next step', async () => {
    const { id, number } = await engine.start({
      definition: testWorkflow([
        { name: 'wait', type: 'simulate', config: { duration: '20s' } },
      ]),
    });
    await expect(
      engine.followUps.previewRetry({ id, credentials }),
    ).rejects.toMatchObject({
      status: 409,
      code: 'RUN_NOT_ENDED',
      message: expect.stringMatching(
        `^Run ${number} is .*Wait for its end, or cancel it first`,
      ),
    });
    await eventually(
      async () => (await engine.runs.get(id)).status === 'running',
    );
    await engine.runs.cancel({ id, by: initiator });
    const run = await engine.waitForEnd(id);
    expect(run.allowedActions.retry.allowed).toBe(true);
  });
});
