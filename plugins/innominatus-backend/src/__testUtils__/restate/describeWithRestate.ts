import { arch, platform } from 'node:os';
import { restateServerBinary } from './RestateServer';

/** `describe` where there is a server; elsewhere it says what is left out. */
export const describeWithRestate: jest.Describe = (() => {
  if (restateServerBinary()) {
    return describe;
  }
  const message = `There is no Restate server for ${platform()} on ${arch()}`;
  if (process.env.CI_REQUIRE_ALL) {
    throw new Error(`${message}, and CI_REQUIRE_ALL is set`);
  }
  process.stderr.write(`${message}: its tests are skipped\n`);
  return describe.skip;
})();
