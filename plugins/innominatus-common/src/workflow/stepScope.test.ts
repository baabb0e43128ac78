import { makeWorkflow, TestRun } from './engine/testDriver';
import { interpolateSetVariables, interpolateStep } from './stepScope';

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
