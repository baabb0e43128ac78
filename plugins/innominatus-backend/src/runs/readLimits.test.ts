import { mockServices } from '@backstage/backend-test-utils';
import { JsonValue } from '@backstage/types';
import { readLimits } from './readLimits';

const read = (limits: JsonValue) =>
  readLimits(mockServices.rootConfig({ data: { innominatus: { limits } } }));

describe('the limits in the configuration', () => {
  it('are read in every form that Backstage knows', () => {
    expect(
      read({
        runsPerTeam: 3,
        runsPerEnvironment: 4,
        queuedRuns: 5,
        stepsPerWorkflow: 6,
        runDuration: '8h',
        stepDuration: { minutes: 90 },
        stepLogBytes: 7,
      }),
    ).toEqual({
      runsPerTeam: 3,
      runsPerEnvironment: 4,
      queuedRuns: 5,
      stepLogBytes: 7,
      compile: {
        maxSteps: 6,
        maxTimeoutMs: 8 * 3_600_000,
        maxStepTimeoutMs: 90 * 60_000,
      },
    });
  });

  it('may all be absent', () => {
    expect(readLimits(mockServices.rootConfig({ data: {} }))).toEqual({
      compile: {},
    });
  });

  it.each<[JsonValue, string]>([
    [{ runsPerTeam: 0 }, '"innominatus.limits.runsPerTeam" is 0, expected'],
    [
      { queuedRuns: 'many' },
      '"innominatus.limits.queuedRuns" is "many", expected a whole number above 0, for example 500.',
    ],
    [{ stepsPerWorkflow: 1.5 }, '"innominatus.limits.stepsPerWorkflow" is 1.5'],
    [
      { stepDuration: '5ms' },
      '"innominatus.limits.stepDuration" is "5ms", expected a duration of at least a second, for example "2h".',
    ],
    [{ runDuration: 'soon' }, '"innominatus.limits.runDuration" is "soon"'],
    [
      { runsPerGroup: 1 },
      'The key "innominatus.limits.runsPerGroup" is not known. Known are:',
    ],
    ['much', 'The value of "innominatus.limits" is no object.'],
  ])('stop the start when they are wrong: %j', (limits, message) => {
    expect(() => read(limits)).toThrow(message);
  });
});
