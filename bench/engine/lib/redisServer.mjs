import { freePort } from '../../../scripts/lib/ports.mjs';
import { startServer } from './servers.mjs';

/** Redis that flushes its log at each write: with less it would not be durable. */
export async function startRedis(folder) {
  const port = await freePort();
  const server = await startServer({
    name: 'redis-server',
    program: 'redis-server',
    folder,
    port,
    args: [
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder],
      ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
    ],
  });
  return { ...server, port };
}
