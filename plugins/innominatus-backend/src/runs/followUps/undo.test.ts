import { mockCredentials } from '@backstage/backend-test-utils';
import {
  JsonObject,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  createStepType,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { z } from 'zod';
import { aborted } from '../../__testUtils__/stepTypes';
import { createTestDatabases } from '../../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
} from '../../__testUtils__/TestEngine';
import { inOrder, testWorkflow, TestStep } from '../../__testUtils__/workflows';
import { createWorkflowStepType } from '../../stepTypes';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const credentials = mockCredentials.user('user:default/joe');
const initiator = 'user:default/joe';

describe.each(databases.each())('undo on %s', databaseId => {
  let knex: Knex;
  let engines: TestEngine[];
  let engine: TestEngine;
  /** What there is outside, and who made it. */
  let things: Map<string, string>;
  let undoFails: boolean;
  let hang: boolean;
  let undoCalls: number;
  let look: () => Promise<string[]>;
  /** What the look gets. */
  let seen: JsonObject[];

  const make = createStepType({
    name: 'make',
    description: 'For a test.',
    schema: z.strictObject({ name: z.string(), token: z.string().optional() }),
    effects: 'external',
    onInterrupt: 'hold',
    async run({ config, idempotencyKey, keepSecret, artifacts }) {
      things.set(config.name, idempotencyKey);
      const kept = await keepSecret('before', config.token ?? 'none');
      await artifacts.write(`before/${config.name}`, JSON.stringify(kept));
      return { outputs: { made: config.name } };
    },
    async undoWarnings({ config, artifacts, resolveSecrets, undone }) {
      const kept = await artifacts.read(`before/${config.name}`);
      const value = await resolveSecrets(JSON.parse(kept ?? ''));
      seen.push({ value, outputs: undone.outputs });
      return look();
    },
    async undo({ config, undone, signal, log, artifacts, resolveSecrets }) {
      undoCalls += 1;
      const kept = await artifacts.read(`before/${config.name}`);
      const value = await resolveSecrets(JSON.parse(kept ?? ''));
      if (value !== 'none') {
        log.info(`It was ${value} before`);
      }
      if (hang) {
        await aborted(signal);
        throw signal.reason;
      }
      if (undoFails) {
        throw new StepFailure('The target is away.', { code: 'AWAY' });
      }
      log.info(`Removing what ${undone.keys.join()} made`);
      if (undone.keys.includes(things.get(config.name) ?? '')) {
        things.delete(config.name);
      }
    },
  });

  const one: TestStep = {
    name: 'one',
    type: 'make',
    config: { name: '${V}' },
    setVariables: { V: 'other' },
  };
  const two: TestStep = {
    name: 'two',
    type: 'make',
    config: { name: '${one.made}-two' },
  };
  const fail: TestStep = {
    name: 'fail',
    type: 'simulate',
    config: { fail: {} },
  };
  const child = testWorkflow(inOrder([one, two]), {
    name: 'child',
    variables: { V: 'nested' },
  });

  async function startEngine(): Promise<TestEngine> {
    const started = await createTestEngine({ knex, stepTypes: [make] });
    started.stepTypes.add(
      createWorkflowStepType({
        runs: started.runs,
        followUps: started.followUps,
        workflows: {
          getWorkflow: async () => ({ definition: child, parameters: [] }),
        },
      }),
    );
    engines.push(started);
    await started.runtime.start();
    started.ends.start();
    return started;
  }

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engines = [];
    things = new Map();
    undoFails = false;
    hang = false;
    undoCalls = 0;
    look = async () => [];
    seen = [];
    engine = await startEngine();
  });

  afterEach(async () => {
    for (const { ends, runtime } of engines) {
      await ends.stop();
      await runtime.stop();
    }
  });

  async function ended(steps: TestStep[], onFailure?: 'undo'): Promise<Run> {
    const { id } = await engine.start({
      definition: testWorkflow(inOrder(steps), {
        variables: { V: 'first' },
        onFailure,
      }),
    });
    return engine.waitForEnd(id);
  }

  async function undo(id: string): Promise<Run> {
    const { followUps } = engine;
    const preview = await followUps.previewUndo({ id, credentials });
    const started = await followUps.undo({
      id,
      credentials,
      initiator,
      request: {
        previewVersion: preview.version,
        acknowledge: preview.acknowledge,
      },
    });
    return engine.waitForEnd(started.id);
  }

  it('takes back in the opposite order what the steps made, and says what stays', async () => {
    const run = await ended([one, two, fail]);
    things.set('foreign', 'somebody');
    const preview = await engine.followUps.previewUndo({
      id: run.id,
      credentials,
    });
    expect(preview).toMatchObject({
      steps: [
        {
          step: 'fail',
          undoable: false,
          obstacle: 'noUndo',
          reason: 'It does not say what its undo does.',
        },
        { step: 'two', undoable: true, effects: 'external' },
        { step: 'one', undoable: true },
      ],
      acknowledge: ['two', 'one'],
      allowed: true,
    });
    const undone = await undo(run.id);
    expect(undone).toMatchObject({
      status: 'succeeded',
      title: `Undo of run ${run.number}`,
      initiator,
      undoOf: { id: run.id, number: run.number },
      steps: [
        { name: 'two', config: { name: 'first-two' } },
        { name: 'one', config: { name: 'first' } },
      ],
    });
    expect([...things.keys()]).toEqual(['foreign']);
    const lines = await engine.runs.logs({ id: undone.id, limit: 10 });
    expect(lines.map(line => line.text)).toEqual([
      `Removing what ${run.id}/two/1 made`,
      `Removing what ${run.id}/one/1 made`,
    ]);
    const reason = `Run ${run.number} was undone by run ${undone.number}.`;
    expect(await engine.runs.get(run.id)).toMatchObject({
      undoneBy: { id: undone.id, number: undone.number },
      allowedActions: {
        retry: { allowed: false, reason },
        undo: { allowed: false, reason },
      },
    });
    expect(undone.allowedActions.undo.allowed).toBe(false);
  });

  it('that failed is retried like any other run', async () => {
    const run = await ended([one, two]);
    undoFails = true;
    const first = await undo(run.id);
    expect(first).toMatchObject({
      status: 'failed',
      failure: { step: 'two', error: { code: 'AWAY' } },
      steps: [{ status: 'failed' }, { status: 'skipped' }],
    });
    undoFails = false;
    const { followUps } = engine;
    const preview = await followUps.previewRetry({ id: first.id, credentials });
    const { id } = await followUps.retry({
      id: first.id,
      credentials,
      initiator,
      request: {
        previewVersion: preview.version,
        acknowledge: preview.acknowledge,
      },
    });
    expect(await engine.waitForEnd(id)).toMatchObject({ status: 'succeeded' });
    expect(things.size).toBe(0);
  });

  it('is called again after its worker died, although the step itself would be held', async () => {
    const run = await ended([one]);
    hang = true;
    const undoing = undo(run.id);
    await eventually(() => undoCalls === 1);
    await engine.runtime.stop();
    hang = false;
    await startEngine();
    expect((await undoing).status).toBe('succeeded');
    expect([undoCalls, things.size]).toEqual([2, 0]);
  });

  it('happens by itself after a failure when the workflow says so', async () => {
    const run = await ended([one, fail], 'undo');
    await eventually(
      async () => (await engine.runs.get(run.id)).undoneBy !== undefined,
    );
    const { undoneBy } = await engine.runs.get(run.id);
    const undone = await engine.waitForEnd(undoneBy!.id);
    expect(undone).toMatchObject({
      status: 'succeeded',
      initiator: run.initiator,
    });
    expect(things.size).toBe(0);
    const fine = await ended([one], 'undo');
    await eventually(async () =>
      Boolean(
        (await knex('workflow_runs').where({ id: fine.id }).first())
          .end_handled,
      ),
    );
    expect((await engine.runs.get(fine.id)).undoneBy).toBeUndefined();
    expect(things.size).toBe(1);
  });

  it('of a step with a nested run undoes that run', async () => {
    const run = await ended([
      one,
      { name: 'nest', type: 'workflow', config: { workflow: 'child' } },
    ]);
    expect(things.size).toBe(3);
    undoFails = true;
    const first = await undo(run.id);
    expect(first.failure?.error.code).toBe('AWAY');
    const [childUndo] = first.steps[0].childRuns;
    const nested = run.steps[1].childRuns[0];
    expect(await engine.runs.get(nested)).toMatchObject({
      undoneBy: { id: childUndo },
    });
    undoFails = false;
    const { followUps } = engine;
    const preview = await followUps.previewRetry({ id: first.id, credentials });
    const { id } = await followUps.retry({
      id: first.id,
      credentials,
      initiator,
      request: {
        previewVersion: preview.version,
        acknowledge: preview.acknowledge,
      },
    });
    const second = await engine.waitForEnd(id);
    expect(second.failure).toBeUndefined();
    expect(things.size).toBe(0);
    const [retried] = second.steps[0].childRuns;
    expect(await engine.runs.get(retried)).toMatchObject({
      retryOf: { id: childUndo },
      parentRun: { id, step: 'nest' },
    });
  });

  it('of a retried run has to begin with the retry', async () => {
    const run = await ended([one, fail]);
    const { followUps } = engine;
    const retryPreview = await followUps.previewRetry({
      id: run.id,
      from: 'one',
      credentials,
    });
    const { id } = await followUps.retry({
      id: run.id,
      credentials,
      initiator,
      request: {
        previewVersion: retryPreview.version,
        acknowledge: ['one'],
        from: 'one',
      },
    });
    await engine.waitForEnd(id);
    const preview = await followUps.previewUndo({ id: run.id, credentials });
    expect(preview).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('Undo that one first.'),
    });
    await undo(id);
    expect(
      await followUps.previewUndo({ id: run.id, credentials }),
    ).toMatchObject({ allowed: true });
  });

  it('shows what it would leave, which is no part of what is agreed to', async () => {
    const run = await ended([one, two, fail]);
    const preview = () =>
      engine.followUps.previewUndo({ id: run.id, credentials });
    const { version, steps } = await preview();
    expect(steps.some(step => 'warnings' in step)).toBe(false);
    expect(seen).toHaveLength(2);
    expect(seen).toEqual(
      expect.arrayContaining(
        ['first-two', 'first'].map(made => ({
          value: 'none',
          outputs: { made },
        })),
      ),
    );
    look = async () => ['It stays.'];
    expect(await preview()).toMatchObject({
      version,
      steps: [
        { step: 'fail', undoable: false },
        { step: 'two', warnings: ['It stays.'] },
        { step: 'one', warnings: ['It stays.'] },
      ],
    });
    look = async () => {
      throw new StepFailure('The target is away.', { code: 'AWAY' });
    };
    expect((await preview()).steps[1].warnings).toEqual([
      'What the undo would find is not known: The target is away.',
    ]);
    look = async () => {
      throw new Error('connect ECONNREFUSED 10.0.0.1');
    };
    expect((await preview()).steps[1].warnings).toEqual([
      'What the undo would find is not known: the look failed. The log of the backend says why.',
    ]);
    // More than anybody reads.
    look = async () => Array.from({ length: 70 }, () => 'x'.repeat(2000));
    const { warnings = [] } = (await preview()).steps[1];
    expect(warnings).toHaveLength(51);
    expect(warnings[50]).toBe('And 20 more.');
    expect(Math.max(...warnings.map(({ length }) => length))).toBe(1000);
  });

  it('gets back what the step kept as a secret, which nobody can read', async () => {
    const run = await ended([
      {
        name: 'one',
        type: 'make',
        config: { name: 'thing', token: 'what-it-was-before' },
      },
    ]);
    const undone = await undo(run.id);
    expect(undone.status).toBe('succeeded');
    const lines = await engine.runs.logs({ id: undone.id, limit: 10 });
    expect(lines.map(({ text }) => text)[0]).toBe('It was •••• before');
    const rows = await knex('run_artifacts').select('content');
    expect(JSON.stringify(rows)).not.toContain('what-it-was-before');
    expect(await knex('secrets').pluck('address')).toEqual([
      `run/${run.id}/one/kept/before`,
    ]);
    const large = await ended([
      {
        name: 'one',
        type: 'make',
        config: { name: 'thing', token: 'x'.repeat(70_000) },
      },
    ]);
    expect(large.failure?.error).toMatchObject({ code: 'SECRET_TOO_LARGE' });
  });

  it('is refused when there is nothing to undo, or nobody agreed', async () => {
    const nothing = await ended([fail]);
    await expect(undo(nothing.id)).rejects.toMatchObject({
      status: 409,
      code: 'UNDO_NOT_ALLOWED',
      message: `No step of run ${nothing.number} can be undone.`,
    });
    const run = await ended([one]);
    const { version } = await engine.followUps.previewUndo({
      id: run.id,
      credentials,
    });
    await expect(
      engine.followUps.undo({
        id: run.id,
        credentials,
        initiator,
        request: { previewVersion: version },
      }),
    ).rejects.toMatchObject({ status: 422, code: 'ACKNOWLEDGEMENT_MISSING' });
    expect(things.size).toBe(1);
  });
});
