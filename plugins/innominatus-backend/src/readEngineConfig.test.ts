import { ConfigReader } from '@backstage/config';
import { readEngineConfig } from './readEngineConfig';

function read(engine: object) {
  return readEngineConfig(
    new ConfigReader({ innominatus: { engine: engine as never } }),
  );
}

describe('readEngineConfig', () => {
  it('gives safe defaults', () => {
    expect(readEngineConfig(new ConfigReader({}))).toEqual({
      shutdownGraceMs: 20_000,
    });
  });

  it('reads durations as text and as objects', () => {
    expect(
      read({
        concurrency: 5,
        leaseDuration: '30s',
        shutdownGrace: { minutes: 1 },
        workingDirectory: '/work',
      }),
    ).toEqual({
      concurrency: 5,
      leaseMs: 30_000,
      shutdownGraceMs: 60_000,
      workingDirectory: '/work',
    });
  });

  it('refuses values that cannot work and names the key', () => {
    expect(() => read({ concurrency: 0 })).toThrow(
      '"innominatus.engine.concurrency" is 0',
    );
    expect(() => read({ leaseDuration: '10ms' })).toThrow(
      '"innominatus.engine.leaseDuration" is 10 ms',
    );
  });
});
