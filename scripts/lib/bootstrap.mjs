import { build } from './build.mjs';
import { install } from './install.mjs';
import { withLock } from './lock.mjs';
import { prepareToolchain } from './toolchain.mjs';

/** Brings the tools, installs the dependencies and makes the named builds, in this order. */
export function bootstrap(builds = []) {
  return withLock(async () => {
    const tools = prepareToolchain();
    await install(tools);
    for (const name of builds) await build(name, tools);
    return tools;
  });
}
