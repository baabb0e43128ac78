import { JsonValue } from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Knex } from 'knex';
import { aborted, testStepType } from '../__testUtils__/stepTypes';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
  TestEngineOptions,
} from '../__testUtils__/TestEngine';
import { inOrder, testWorkflow } from '../__testUtils__/workflows';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('runs on %s', databaseId => {
  let knex: Knex;
  let engine: TestEngine;
  let trace: string[];

  const tracing = testStepType('trace', async context => {
    trace.push(`+${context.step.name}`);
    await new Promise(resolve => setTimeout(resolve, 30));
    trace.push(`-${context.step.name}`);
    return { outputs: { name: context.step.name, seen: context.config } };
  });

  async function startEngine(options: Partial<TestEngineOptions> = {}) {
    engine = await createTestEngine({
      knex,
      ...options,
      stepTypes: [tracing, ...(options.stepTypes ?? [])],
    });
    await engine.runtime.start();
  }

  beforeEach(async () => {
    trace = [];
    knex = await databases.init(databaseId);
  });

  afterEach(async () => {
    await engine.runtime.stop();
  });

  it('runs steps one after the other and hands outputs on', async () => {
    await startEngine();
    const { id, number } = await engine.start({
      definition: testWorkflow(
        inOrder([
          { name: 'a', type: 'trace', config: { who: '${params.who}' } },
          {
            name: 'b',
            type: 'trace',
            config: { from: '${steps.a.outputs.name} in ${run.number}' },
            setVariables: { done: 'yes ${steps.b.outputs.name}' },
          },
        ]),
        { outputs: { last: '${done}' } },
      ),
      parameters: { who: 'jane' },
    });
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('succeeded');
    expect(trace).toEqual(['+a', '-a', '+b', '-b']);
    expect(run.steps[0].outputs.seen).toEqual({ who: 'jane' });
    expect(run.steps[1].outputs.seen).toEqual({ from: `a in ${number}` });
    expect(run.outputs).toEqual({ last: 'yes b' });
    expect(run).toMatchObject({ stepsTotal: 2, stepsDone: 2 });
  });

  it('runs what is independent at the same time and joins it', async () => {
    await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([
        { name: 'top', type: 'trace' },
        { name: 'left', type: 'trace', dependsOn: ['top'] },
        { name: 'right', type: 'trace', dependsOn: ['top'] },
        { name: 'bottom', type: 'trace', dependsOn: ['left', 'right'] },
      ]),
    });
    await engine.waitForEnd(id);
    expect(trace.slice(0, 4)).toEqual(['+top', '-top', '+left', '+right']);
    expect(trace.slice(-2)).toEqual(['+bottom', '-bottom']);
  });

  it('skips what follows a failure and runs what is for a failure', async () => {
    const failing = testStepType('failing', async () => {
      throw new StepFailure('Out of space', { code: 'DISK_FULL' });
    });
    await startEngine({ stepTypes: [failing] });
    const { id } = await engine.start({
      definition: testWorkflow([
        { name: 'work', type: 'failing' },
        { name: 'next', type: 'trace', dependsOn: ['work'] },
        {
          name: 'tell',
          type: 'trace',
          dependsOn: ['work'],
          when: 'on_failure',
        },
      ]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('failed');
    expect(run.failure).toEqual({
      step: 'work',
      error: { code: 'DISK_FULL', message: 'Out of space', transient: false },
    });
    expect(run.steps.map(step => step.status)).toEqual([
      'failed',
      'skipped',
      'succeeded',
    ]);
    expect(trace).toEqual(['+tell', '-tell']);
  });

  it('tries a step again while its error is transient', async () => {
    await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([
        {
          name: 'flaky',
          type: 'simulate',
          config: { fail: { transient: true, attempts: 2 } },
          retry: { attempts: 3 },
        },
      ]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.steps[0]).toMatchObject({ status: 'succeeded', attempt: 3 });
    const attempts = await engine.store.attempts(id, 'flaky');
    expect(attempts.map(attempt => attempt.status)).toEqual([
      'failed',
      'failed',
      'succeeded',
    ]);
  });

  it('stops a step whose time is over', async () => {
    const slow = testStepType('slow', async context => {
      await aborted(context.signal);
      throw new Error('stopped');
    });
    await startEngine({ stepTypes: [slow] });
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'a', type: 'slow', timeoutMs: 50 }]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.failure?.error.code).toBe('STEP_TIMEOUT');
  });

  it('cancels gracefully and still cleans up', async () => {
    const slow = testStepType('slow', async context => {
      trace.push('working');
      await aborted(context.signal);
      trace.push('stopped');
      throw context.signal.reason;
    });
    await startEngine({ stepTypes: [slow] });
    const { id } = await engine.start({
      definition: testWorkflow([
        { name: 'work', type: 'slow' },
        { name: 'next', type: 'trace', dependsOn: ['work'] },
        {
          name: 'tidy',
          type: 'trace',
          dependsOn: ['next'],
          when: 'always',
          finally: true,
        },
      ]),
    });
    await eventually(() => trace.includes('working'));
    await engine.runs.cancel({ id, by: 'user:default/joe', reason: 'Mistake' });
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('cancelled');
    expect(run.steps.map(step => step.status)).toEqual([
      'cancelled',
      'cancelled',
      'succeeded',
    ]);
    expect(trace).toEqual(['working', 'stopped', '+tidy', '-tidy']);
  });

  it('forces a second cancel on a step that does not answer', async () => {
    let release: () => void = () => {};
    const stubborn = testStepType('stubborn', async () => {
      trace.push('working');
      await new Promise<void>(resolve => {
        release = resolve;
      });
    });
    await startEngine({ stepTypes: [stubborn] });
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'work', type: 'stubborn' }]),
    });
    await eventually(() => trace.includes('working'));
    await engine.runs.cancel({ id, by: 'user:default/joe' });
    await engine.runs.cancel({ id, by: 'user:default/joe' });
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('cancelled');
    expect(run.steps[0].error?.code).toBe('CANCEL_FORCED');
    release();
  });

  it('shows in lists how far a run is soon after steps that followed each other quickly', async () => {
    await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow(
        inOrder([
          ...['a', 'b', 'c', 'd'].map(name => ({ name, type: 'trace' })),
          { name: 'long', type: 'simulate', config: { duration: '1h' } },
        ]),
      ),
    });
    await eventually(
      async () => (await engine.store.getSummary(id))?.stepsDone === 4,
    );
    const run = await engine.runs.get(id);
    expect(run.version).toBe((await engine.store.getSummary(id))?.version);
    expect(run.steps.map(step => step.status)).toEqual([
      ...Array(4).fill('succeeded'),
      'running',
    ]);
    await engine.runs.cancel({ id, by: 'user:default/joe' });
    await engine.waitForEnd(id);
  });

  it('cancels a run that no worker has begun at once', async () => {
    await startEngine({ concurrency: 1 });
    const { id: busy } = await engine.start({
      definition: testWorkflow([
        { name: 'a', type: 'simulate', config: { duration: '2s' } },
      ]),
      concurrencyKey: 'app',
    });
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'a', type: 'trace' }]),
      concurrencyKey: 'app',
    });
    await eventually(
      async () => (await engine.runs.get(busy)).status === 'running',
    );
    // Until its turn to be admitted comes, a run knows of no lock yet.
    await eventually(
      async () => (await engine.runs.get(id)).waiting?.kind === 'lock',
    );
    const waiting = (await engine.runs.get(id)).waiting;
    expect(waiting).toMatchObject({ kind: 'lock', heldBy: busy });
    await engine.runs.cancel({ id, by: 'user:default/joe' });
    const run = await engine.runs.get(id);
    expect(run.status).toBe('cancelled');
    expect(run.steps[0].status).toBe('cancelled');
    expect(trace).toEqual([]);
    await engine.runs.cancel({ id: busy, by: 'user:default/joe' });
    await engine.waitForEnd(busy);
  });

  it('keeps runs of one key in order and lets others pass', async () => {
    let release = () => {};
    const gate = new Promise<void>(resolve => {
      release = resolve;
    });
    await startEngine({ stepTypes: [testStepType('gate', () => gate)] });
    const definition = testWorkflow([
      { name: 'gate', type: 'gate' },
      { name: 'a', type: 'trace', dependsOn: ['gate'] },
    ]);
    const runs: string[] = [];
    for (let i = 0; i < 4; i++) {
      const { id } = await engine.start({ definition, concurrencyKey: 'app' });
      runs.push(id);
    }
    const { id: other } = await engine.start({
      definition: testWorkflow([{ name: 'other', type: 'trace' }]),
      concurrencyKey: 'other app',
    });
    await engine.waitForEnd(other);
    expect((await engine.runs.get(runs[1])).status).toBe('queued');
    release();
    const ended = await Promise.all(runs.map(id => engine.waitForEnd(id)));
    for (const [i, run] of ended.slice(1).entries()) {
      expect(Date.parse(run.startedAt!)).toBeGreaterThanOrEqual(
        Date.parse(ended[i].endedAt!),
      );
    }
    expect(trace.filter(entry => entry.endsWith('a')).join(' ')).toBe(
      '+a -a +a -a +a -a +a -a',
    );
  });

  it('works on no more runs at a time than allowed', async () => {
    let active = 0;
    let most = 0;
    const counting = testStepType('counting', async () => {
      most = Math.max(most, ++active);
      await new Promise(resolve => setTimeout(resolve, 50));
      active -= 1;
    });
    await startEngine({ concurrency: 2, stepTypes: [counting] });
    const definition = testWorkflow([{ name: 'a', type: 'counting' }]);
    const started = await Promise.all(
      Array.from({ length: 6 }, () => engine.start({ definition })),
    );
    expect(new Set(started.map(run => run.number)).size).toBe(6);
    await Promise.all(started.map(run => engine.waitForEnd(run.id)));
    expect(most).toBe(2);
  });

  it('starts a run of the same id only once', async () => {
    await startEngine();
    const definition = testWorkflow([{ name: 'a', type: 'trace' }]);
    const runId = '018f0000-0000-7000-8000-000000000001';
    const first = await engine.start({ definition, runId });
    const second = await engine.start({ definition, runId });
    expect(second.number).toBe(first.number);
    await engine.waitForEnd(runId);
    expect(trace).toEqual(['+a', '-a']);
  });

  it('reads outputs from the output file and from log lines', async () => {
    const writing = testStepType('writing', async context => {
      const folder = await context.workspace();
      await writeFile(join(folder, 'out.json'), '{"nested":{"port":5432}}');
      context.log.info('::set-output name=host::db.local\nOUTPUT_user=app');
      return { outputs: { user: 'returned' } };
    });
    await startEngine({ stepTypes: [writing] });
    const { id } = await engine.start({
      definition: testWorkflow([
        { name: 'a', type: 'writing', outputFile: 'out.json' },
        { name: 'b', type: 'writing', outputFile: '../../etc/passwd' },
      ]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.steps[0].outputs).toEqual({
      nested: { port: 5432 },
      host: 'db.local',
      user: 'returned',
    });
    expect(run.steps[1].error?.code).toBe('OUTPUT_FILE_INVALID');
  });

  it('keeps what Terraform calls sensitive in its outputs as secrets', async () => {
    const terraform = testStepType('terraform-output', async context => {
      const folder = await context.workspace();
      const output = (sensitive: boolean, value: unknown) => ({
        sensitive,
        type: typeof value,
        value,
      });
      await writeFile(
        join(folder, 'tf.json'),
        JSON.stringify({
          port: output(false, 5432),
          password: output(true, 'correct-horse'),
        }),
      );
    });
    const told = testStepType('tell', async context => {
      context.log.info('The password is correct-horse');
    });
    await startEngine({ stepTypes: [terraform, told] });
    const { id } = await engine.start({
      definition: testWorkflow([
        { name: 'a', type: 'terraform-output', outputFile: 'tf.json' },
        { name: 'b', type: 'tell', dependsOn: ['a'] },
      ]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.steps[0].outputs).toEqual({
      port: 5432,
      password: { $secretRef: expect.stringContaining(id) },
    });
    expect(JSON.stringify(await engine.events(id))).not.toContain('horse');
    const logs = await engine.runs.logs({ id, limit: 10 });
    expect(logs.map(line => line.text)).toEqual(['The password is ••••']);
  });

  it.each([
    ['an unknown type', { type: 'nowhere' }, 'UNKNOWN_STEP_TYPE'],
    [
      'a config that is not valid',
      { type: 'simulate', config: { duration: 'soon' } },
      'CONFIG_INVALID',
    ],
    [
      'a reference without a value',
      { type: 'trace', config: { a: '${metadata.missing}' } },
      'REFERENCE_UNRESOLVED',
    ],
    ['outputs that are too large', { type: 'large' }, 'OUTPUT_TOO_LARGE'],
    ['outputs that are nested too deeply', { type: 'deep' }, 'OUTPUT_INVALID'],
    ['a large artifact', { type: 'hoard' }, 'ARTIFACT_TOO_LARGE'],
    ['an error of its own', { type: 'broken' }, 'STEP_FAILED'],
  ])('fails a step with %s', async (_name, step, code) => {
    await startEngine({
      stepTypes: [
        testStepType('large', async () => ({
          outputs: { text: 'x'.repeat(70_000) },
        })),
        testStepType('deep', async () => {
          let value: JsonValue = 'bottom';
          for (let i = 0; i < 70; i++) {
            value = [value];
          }
          return { outputs: { value } };
        }),
        testStepType('hoard', async context => {
          await context.artifacts.write('a', 'x'.repeat(5 * 1024 * 1024 + 1));
        }),
        testStepType('broken', () => {
          throw new TypeError('Cannot read it');
        }),
      ],
    });
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'a', ...step }]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.failure).toMatchObject({ step: 'a', error: { code } });
  });

  it('cuts a log that is too long with one line', async () => {
    const chatty = testStepType('chatty', async context => {
      for (let i = 0; i < 500; i++) {
        context.log.info('x'.repeat(50));
      }
    });
    await startEngine({ stepTypes: [chatty], maxLogBytes: 1000 });
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'a', type: 'chatty' }]),
    });
    await engine.waitForEnd(id);
    const lines = await engine.runs.logs({ id, limit: 1000 });
    expect(lines).toHaveLength(21);
    expect(lines[20].text).toContain('cut here');
  });

  it('waits for an approval without holding the run', async () => {
    await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([{ name: 'a', type: 'trace', when: 'manual' }]),
    });
    await eventually(async () => {
      const row = await knex('workflow_runs').where({ id }).first();
      return row.status === 'waiting' && row.lease_owner === null;
    });
    expect((await engine.runs.get(id)).waiting?.kind).toBe('approval');
    await engine.runs.cancel({ id, by: 'user:default/joe' });
    expect((await engine.waitForEnd(id)).status).toBe('cancelled');
  });
});
