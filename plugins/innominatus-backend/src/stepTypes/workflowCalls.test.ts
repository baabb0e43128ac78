import {
  readDefinitions,
  simulateGoldenPath,
} from '@innominatus/backstage-plugin-innominatus-common';
import { PLATFORM } from '../__testUtils__/platformFiles';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const goldenPath = (name: string, config: string) => `---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: ${name} }
spec:
  steps:
    - { name: call, type: workflow, config: ${config} }
  outputs: { said: '\${call.said}' }
`;

const FILES = `---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: say }
spec:
  parameters:
    word: { type: enum, allowedValues: [hello, bye], required: true }
    times: { type: int, default: 2, max: 3 }
  steps:
    - name: say
      type: simulate
      config: { outputs: { said: '\${params.word} \${params.times}' } }
  outputs: { said: '\${say.said}' }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: again }
spec:
  steps:
    - { name: again, type: workflow, config: { workflow: again } }
  outputs: { said: nothing }
${goldenPath('calls-workflow', '{ workflow: say, parameters: { word: bye } }')}
${goldenPath('calls-badly', '{ workflow: say, parameters: { word: hi, times: 4 } }')}
${goldenPath('calls-path', '{ workflow: calls-workflow }')}
${goldenPath('calls-nothing', '{ workflow: nowhere }')}
${goldenPath('calls-itself', '{ workflow: again }')}
`;

const { definitions } = readDefinitions(FILES);

describe.each(databases.each())('a step that calls on %s', id => {
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  beforeEach(async () => {
    platform = await createTestPlatform({
      knex: await databases.init(id),
      files: new Map([['all.yaml', `${PLATFORM}${FILES}`]]),
    });
  });

  afterEach(async () => {
    await platform.stop();
  });

  const both = async (name: string) => {
    const { body } = await platform.api
      .post(`/golden-paths/${name}/runs`)
      .send({})
      .expect(202);
    return {
      real: await platform.waitForEnd(body.id),
      simulated: await simulateGoldenPath({ definitions, goldenPath: name }),
    };
  };

  it('has the outputs of the workflow, for real as simulated', async () => {
    const { real, simulated } = await both('calls-workflow');
    expect(real.outputs).toEqual({ said: 'bye 2' });
    expect(simulated.steps[0].status).toBe('succeeded');
  });

  it.each([
    ['calls-badly', 'PARAMETERS_INVALID', 'cannot call the workflow "say"'],
    ['calls-path', 'WORKFLOW_NOT_FOUND', 'Golden paths cannot be called'],
    ['calls-nothing', 'WORKFLOW_NOT_FOUND', 'no workflow "nowhere"'],
  ])('%s fails with %s, for real as simulated', async (name, code, text) => {
    const { real, simulated } = await both(name);
    expect(real.failure?.error).toMatchObject({
      code,
      message: expect.stringContaining(text),
    });
    expect(simulated.failure?.error).toMatchObject({
      code,
      message: real.failure?.error.message,
    });
  });

  it('itself fails at the same depth, for real as simulated', async () => {
    const { real, simulated } = await both('calls-itself');
    for (const { failure } of [real, simulated]) {
      expect(failure?.error).toMatchObject({
        code: 'STEP_FAILED',
        message: expect.stringContaining('deeper than 8 levels'),
      });
    }
  });
});
