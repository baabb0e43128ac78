import { createRequire } from 'node:module';
import { freePort } from '../../../scripts/lib/ports.mjs';
import { startServer } from './servers.mjs';

/** The server of the npm package, which is there for the tests of the runtime. */
function findProgram() {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  return createRequire(import.meta.url).resolve(`${name}/bin/restate-server`);
}

/** One node of Restate with its default durability, and without telemetry. */
export async function startRestate(folder) {
  const [ingress, admin, node] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
  ]);
  const url = `http://127.0.0.1:${ingress}`;
  const adminUrl = `http://127.0.0.1:${admin}`;
  const isHealthy = async address => {
    try {
      return (await fetch(address)).ok;
    } catch {
      return false;
    }
  };
  const server = await startServer({
    name: 'restate-server',
    program: findProgram(),
    args: ['--no-logo'],
    folder,
    env: {
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_BASE_DIR: folder,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_LOG_FILTER: 'warn',
      RESTATE_NODE_NAME: 'bench',
      RESTATE_BIND_IP: '127.0.0.1',
      RESTATE_BIND_PORT: String(node),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
    },
    isReady: async () =>
      (await isHealthy(`${url}/restate/health`)) &&
      (await isHealthy(`${adminUrl}/health`)),
  });
  return { ...server, url, adminUrl };
}
