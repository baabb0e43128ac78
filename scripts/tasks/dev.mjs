import path from 'node:path';
import { bootstrap } from '../lib/bootstrap.mjs';
import { prepareData } from '../lib/demoData.mjs';
import { say } from '../lib/log.mjs';
import { dataDir, root } from '../lib/paths.mjs';
import { exitCodeOf, start } from '../lib/processes.mjs';
import { checkPort } from '../lib/server.mjs';

/** Starts portal (port 3000) and backend (port 7007) with hot reload. */
export async function run(args) {
  await checkPort(3000);
  await checkPort(7007);
  const tools = await bootstrap(['cli']);
  const data = path.join(dataDir(), 'dev');
  prepareData(data);
  say('starting portal and backend with hot reload: http://localhost:3000');
  const child = start(tools.yarn, ['backstage-cli', 'repo', 'start', ...args], {
    cwd: root,
    env: { ...tools.env, INNOMINATUS_DATA: data },
    stdio: 'inherit',
  });
  return exitCodeOf(child);
}
