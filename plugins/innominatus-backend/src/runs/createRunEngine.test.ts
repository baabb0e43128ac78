import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import { readEngineConfig } from './createRunEngine';

describe('the configuration of the engine', () => {
  const read = (innominatus: JsonObject) =>
    readEngineConfig(mockServices.rootConfig({ data: { innominatus } }));

  it('reads durations in every form that Backstage knows', () => {
    expect(
      read({
        engine: {
          concurrency: 5,
          leaseDuration: '15s',
          shutdownGrace: { minutes: 2 },
        },
      }),
    ).toMatchObject({
      concurrency: 5,
      leaseMs: 15_000,
      shutdownGraceMs: 120_000,
    });
  });

  it.each([
    [{ engine: { concurrency: 0 } }, '"innominatus.engine.concurrency" is 0'],
    [
      { engine: { leaseDuration: '5ms' } },
      '"innominatus.engine.leaseDuration" is shorter than a second',
    ],
  ])('refuses %j', (config, message) => {
    expect(() => read(config)).toThrow(message);
  });
});
