import { makeWorkflow, TestRun } from './engine/testDriver';
import { compileWorkflow } from './compile';
import { interpolate } from './interpolate';
import {
  buildScope,
  interpolateSetVariables,
  interpolateStep,
} from './stepScope';

const definition = makeWorkflow(
  [
    { name: 'build' },
    {
      name: 'deploy',
      env: { TAG: 'v-${build.tag}', REGION: '$REGION' },
      config: {
        image: 'shop:$TAG',
        replicas: '${params.replicas}',
        region: '${workflow.REGION}',
      },
      outputFile: 'out-${build.tag}.json',
      setVariables: {
        url: 'https://${deploy.host}/$TAG',
        db: '${resources.db}',
      },
    },
  ],
  { variables: { REGION: 'eu' } },
);

const run = new TestRun(definition, {
  parameters: { replicas: 3 },
  metadata: {},
  run: { id: 'r', number: 1 },
});

describe('interpolateStep', () => {
  it('replaces references in env, then in config with env in sight', () => {
    run.run('build', { tag: 7 });
    expect(interpolateStep(run.state, definition.steps[1])).toEqual({
      config: { image: 'shop:v-7', replicas: 3, region: 'eu' },
      env: { TAG: 'v-7', REGION: 'eu' },
      outputFile: 'out-7.json',
    });
  });

  it('names the place when a reference has no value', () => {
    const step = { ...definition.steps[1], env: { X: '${build.nope}' } };
    expect(() => interpolateStep(run.state, step)).toThrow(
      '"/steps/deploy/env/X"',
    );
  });
});

describe('interpolateSetVariables', () => {
  it('sees the outputs of the step itself', () => {
    expect(
      interpolateSetVariables({
        state: run.state,
        step: definition.steps[1],
        outputs: { host: 'shop.example' },
        resources: { db: { port: 5432 } },
      }),
    ).toEqual({ url: 'https://shop.example/v-7', db: { port: 5432 } });
  });
});

describe('optional parameters', () => {
  const { definition: compiled } = compileWorkflow({
    apiVersion: 'innominatus.dev/v1',
    kind: 'GoldenPath',
    metadata: { name: 'release' },
    spec: {
      parameters: {
        note: { type: 'string' },
        replicas: { type: 'int' },
        regions: { type: 'list' },
        size: { type: 'string', default: 'small' },
        ticket: { type: 'string', required: true },
      },
      variables: { note: 'from variables' },
      steps: [
        {
          name: 'say',
          type: 'simulate',
          if: 'params.note',
          unless: 'params.regions',
        },
        {
          name: 'roll-out',
          type: 'simulate',
          forEach: '${params.regions}',
        },
      ],
    },
  });

  const started = (parameters = {}) => {
    const { state } = new TestRun(compiled!, {
      parameters: { ticket: 'T-1', size: 'small', ...parameters },
      metadata: {},
      run: { id: 'r', number: 1 },
    });
    return state;
  };
  const put = (text: string, parameters = {}) =>
    interpolate(text, buildScope(started(parameters)), '/x');

  it.each([
    ['${params.note}', ''],
    ['${workflow.replicas}', ''],
    ['$replicas', ''],
    ['$replicas.txt', '.txt'],
    ['<${params.note}|${replicas}>', '<|>'],
    ['${params.regions}', []],
    // What is given a value elsewhere has that value.
    ['${note}', 'from variables'],
  ])('means %s as %j when nothing was given', (text, expected) => {
    expect(put(text)).toEqual(expected);
  });

  it('takes what was given', () => {
    expect(put('<${params.note}>', { note: 'hello' })).toBe('<hello>');
  });

  it('fails on what is below a value that was not given', () => {
    expect(() => put('${params.note.length}')).toThrow('has no value');
  });

  it('is not set for conditions, and has no items', () => {
    const { steps } = started();
    expect(steps.say).toMatchObject({
      status: 'skipped',
      skipReason: expect.stringContaining('params.note is not set'),
    });
    expect(steps['roll-out']).toMatchObject({ status: 'succeeded' });
  });
});
