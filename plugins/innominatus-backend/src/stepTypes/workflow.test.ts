import {
  compileWorkflow,
  ParameterDefinition,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { aborted, testStepType } from '../__testUtils__/stepTypes';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
} from '../__testUtils__/TestEngine';
import { testWorkflow } from '../__testUtils__/workflows';
import { createWorkflowStepType } from './workflow';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('nested workflows on %s', databaseId => {
  let knex: Knex;
  let engines: TestEngine[];
  let workflows: Record<string, WorkflowDefinition>;
  let declared: Record<string, ParameterDefinition[]>;
  let begun: number;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engines = [];
    begun = 0;
    declared = {};
    workflows = {
      child: testWorkflow(
        [
          {
            name: 'make',
            type: 'simulate',
            config: {
              messages: ['size ${params.size}'],
              outputs: { url: 'db://${params.size}', password: 'hunter22' },
              sensitive: ['password'],
            },
          },
        ],
        {
          name: 'child',
          outputs: { url: '${make.url}', password: '${make.password}' },
        },
      ),
      slow: testWorkflow([{ name: 'work', type: 'slow' }], { name: 'slow' }),
      self: testWorkflow([nested('self')], { name: 'self' }),
      failing: testWorkflow(
        [{ name: 'f', type: 'simulate', config: { fail: { code: 'BROKEN' } } }],
        { name: 'failing' },
      ),
    };
  });

  afterEach(async () => {
    await Promise.all(engines.map(engine => engine.runtime.stop()));
  });

  function nested(workflow: string, parameters = {}) {
    return {
      name: 'nest',
      type: 'workflow',
      config: { workflow, parameters },
    };
  }

  async function startEngine(): Promise<TestEngine> {
    const engine = await createTestEngine({
      knex,
      concurrency: 1,
      stepTypes: [
        testStepType('slow', async ({ signal }) => {
          begun += 1;
          await aborted(signal);
          throw signal.reason;
        }),
      ],
    });
    engine.stepTypes.add(
      createWorkflowStepType({
        runs: engine.runs,
        workflows: {
          getWorkflow: async name =>
            workflows[name] && {
              definition: workflows[name],
              parameters: declared[name] ?? [],
            },
        },
        followUps: engine.followUps,
      }),
    );
    engines.push(engine);
    await engine.runtime.start();
    return engine;
  }

  it('hands parameters in and outputs out, secrets as references', async () => {
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([nested('child', { size: 'large' })], {
        outputs: { url: '${nest.url}' },
      }),
    });
    const run = await engine.waitForEnd(id);
    expect(run.outputs).toEqual({ url: 'db://large' });
    const [childId] = run.steps[0].childRuns;
    const child = await engine.runs.get(childId);
    expect(child.parentRun).toEqual({ id, step: 'nest' });
    expect(run.steps[0].outputs.password).toEqual({
      $secretRef: `run/${childId}/make/password`,
    });
    const lines = await engine.runs.logs({ id, limit: 10 });
    expect(lines.map(({ step, text }) => `${step} | ${text}`)).toEqual([
      `nest | Started run ${child.number} of the workflow "child"`,
      'nest | make: [1/1] size large',
      'nest | make: Outputs: url, password',
    ]);
  });

  it('fails with the error of the nested run', async () => {
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([nested('failing')]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.failure?.error).toMatchObject({
      code: 'BROKEN',
      message: expect.stringContaining('failed in step "f"'),
    });
  });

  it('says which workflow is not there', async () => {
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([nested('nowhere')]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.failure?.error.message).toContain('no workflow "nowhere"');
  });

  it('does not start one that would fail at a parameter it does not get', async () => {
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([nested('child', { sise: 'large' })]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.failure?.error).toEqual({
      code: 'REFERENCE_UNRESOLVED',
      message:
        'The workflow "child" was not started: "${params.size}" in step "make" at "/config/messages/0" cannot be resolved: no such parameter is passed. Names that exist: sise.',
      transient: false,
    });
    expect(run.steps[0].childRuns).toEqual([]);
  });

  it('stops a workflow that starts itself', async () => {
    const engine = await startEngine();
    const { id } = await engine.start({ definition: workflows.self });
    const run = await engine.waitForEnd(id);
    expect(run.failure?.error.message).toContain('deeper than 8 levels');
  });

  it('passes a cancel on to the nested run', async () => {
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([nested('slow')]),
    });
    await eventually(() => begun === 1);
    await engine.runs.cancel({ id, by: 'user:default/joe' });
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('cancelled');
    const child = await engine.runs.get(run.steps[0].childRuns[0]);
    expect(child.status).toBe('cancelled');
  });

  it('finds its nested run again when another worker carries on', async () => {
    const first = await startEngine();
    const { id } = await first.start({
      definition: testWorkflow([nested('slow')]),
    });
    await eventually(() => begun === 1);
    await first.runtime.stop();
    const second = await startEngine();
    await eventually(() => begun === 2);
    const run = await second.runs.get(id);
    expect(run.steps[0].childRuns).toHaveLength(1);
    await second.runs.cancel({ id, by: 'user:default/joe' });
    await second.waitForEnd(id);
  });

  /** A workflow as it is read from a file. */
  function declare(name: string, spec: object): void {
    const compiled = compileWorkflow({
      apiVersion: 'innominatus.dev/v1',
      kind: 'Workflow',
      metadata: { name },
      spec: spec as never,
    });
    if (!compiled.definition) {
      throw new Error(JSON.stringify(compiled.diagnostics));
    }
    workflows[name] = compiled.definition;
    declared[name] = compiled.parameters;
  }

  const sized = {
    parameters: {
      size: {
        type: 'enum',
        allowedValues: ['small', 'large'],
        default: 'small',
      },
      copies: { type: 'int', min: 1, max: 3, required: true },
      note: { type: 'string' },
    },
    steps: [
      {
        name: 'make',
        type: 'simulate',
        config: {
          outputs: {
            made: '${params.copies} of ${params.size}',
            copies: '${params.copies}',
            note: '<${params.note}>',
          },
        },
      },
      {
        name: 'annotate',
        type: 'simulate',
        if: 'params.note',
        config: {},
      },
    ],
    outputs: {
      made: '${make.made}',
      copies: '${make.copies}',
      note: '${make.note}',
    },
  };

  it('fills in the defaults of the nested workflow and brings values into their types', async () => {
    declare('sized', sized);
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([nested('sized', { copies: '2' })]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.steps[0].outputs).toEqual({
      made: '2 of small',
      copies: 2,
      note: '<>',
    });
    const child = await engine.runs.get(run.steps[0].childRuns[0]);
    expect(child.parameters).toEqual({ size: 'small', copies: 2 });
    expect(child.steps[1]).toMatchObject({
      name: 'annotate',
      status: 'skipped',
    });
  });

  it.each([
    [{}, "parameter 'copies' validation failed: parameter is required"],
    [{ copies: 9 }, "parameter 'copies' validation failed: provided value '9'"],
    [{ copies: 1, size: 'huge' }, 'value must be one of: small, large'],
    [{ copies: 1, sise: 'small' }, "did you mean 'size'?"],
  ])('starts no nested run with %j', async (values, message) => {
    declare('sized', sized);
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([nested('sized', values)]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.failure?.error).toMatchObject({ code: 'PARAMETERS_INVALID' });
    expect(run.failure?.error.message).toContain(
      'Step "nest" cannot call the workflow "sized": ',
    );
    expect(run.failure?.error.message).toContain(message);
    expect(run.steps[0].childRuns).toEqual([]);
  });

  it('hands a secret on to a parameter without looking at it', async () => {
    declare('guarded', {
      parameters: {
        password: { type: 'string', required: true, pattern: '^[a-z]+$' },
      },
      steps: [
        {
          name: 'use',
          type: 'simulate',
          config: { messages: ['it is ${params.password}'] },
        },
      ],
    });
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([
        { ...nested('child', { size: 'large' }), name: 'make' },
        {
          ...nested('guarded', { password: '${make.password}' }),
          dependsOn: ['make'],
        },
      ]),
    });
    const run = await engine.waitForEnd(id);
    expect(run.status).toBe('succeeded');
    expect(JSON.stringify(run)).not.toContain('hunter22');
  });

  it('gives the nested run the application and the environment of its parent', async () => {
    workflows.place = testWorkflow(
      [
        {
          name: 'say',
          type: 'simulate',
          config: {
            outputs: { where: '${app.name} in ${environment.name}' },
          },
        },
      ],
      { name: 'place', outputs: { where: '${say.where}' } },
    );
    workflows.between = testWorkflow([nested('place')], {
      name: 'between',
      outputs: { where: '${nest.where}' },
    });
    const engine = await startEngine();
    const { id } = await engine.start({
      definition: testWorkflow([nested('between')]),
      environment: { name: 'staging', type: 'staging' },
      application: {
        environment: 'staging',
        environmentType: 'staging',
        name: 'checkout',
      },
    });
    const run = await engine.waitForEnd(id);
    expect(run.steps[0].outputs).toEqual({ where: 'checkout in staging' });
  });
});
