import path from 'node:path';
import { bootstrap } from '../lib/bootstrap.mjs';
import { PlainError, say } from '../lib/log.mjs';
import { dataDir, root } from '../lib/paths.mjs';
import { checkPort, startServer } from '../lib/server.mjs';

function readArguments(args) {
  const rest = [...args];
  const at = rest.findIndex(arg => /^--port(=|$)/.test(arg));
  let value = process.env.PORT || '7007';
  if (at >= 0) {
    const [flag] = rest.splice(at, 1);
    value = flag.includes('=') ? flag.split('=')[1] : rest.splice(at, 1)[0];
  }
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PlainError(
      `"${value}" is not a port. A number from 1 to 65535 was expected, for example "npm start -- --port 7010".`,
      2,
    );
  }
  return { port, rest };
}

function nextSteps(port) {
  const url = `http://localhost:${port}`;
  const login = port === 7007 ? 'login' : `login --url ${url}`;
  return `
  innominatus is ready: ${url}   (choose "Enter" to sign in as guest)

  The first deployment from a second terminal in this folder:

    node_modules/.bin/innominatus ${login}
    node_modules/.bin/innominatus deploy examples/score/podinfo.yaml --env development --watch

  Ctrl-C stops the portal; what you did is kept in "${
    path.relative(root, dataDir()) || '.'
  }".
`;
}

/** Installs, builds, and serves the portal and the API from one process on one port. */
export async function run(args) {
  const { port, rest } = readArguments(args);
  await checkPort(port);
  const tools = await bootstrap(['cli', 'app']);
  say(`starting the portal on port ${port}`);
  const data = dataDir();
  const server = startServer({ tools, port, data, args: rest });
  server.ready.then(ready => {
    if (ready) process.stdout.write(`${nextSteps(port)}\n`);
  });
  const code = await server.ended;
  say(`the portal has ended with exit code ${code}`);
  return code;
}
