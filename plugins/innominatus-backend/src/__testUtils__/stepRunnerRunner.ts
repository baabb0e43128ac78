import { LoggerService } from '@backstage/backend-plugin-api';
import { LocalProcessRunner } from '../stepRunners/local';

/**
 * A process of its own that runs one program, prints its lines, and is meant to
 * be killed meanwhile.
 */
async function main(options: {
  stateDirectory: string;
  workspace: string;
  key: string;
  script: string;
}): Promise<void> {
  const silent = () => {};
  const logger: LoggerService = {
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
    child: () => logger,
  };
  const runner = LocalProcessRunner.create({
    logger,
    config: {
      programs: [process.execPath],
      path: ['/usr/bin', '/bin'],
      stateDirectory: options.stateDirectory,
      outputBytes: 1024 * 1024,
      onShutdown: 'detach',
    },
  });
  await runner.run(
    { program: 'node', args: ['-e', options.script] },
    {
      key: options.key,
      workspace: options.workspace,
      signal: new AbortController().signal,
      onLine: line => process.stdout.write(`${line.text}\n`),
      flush: async () => true,
    },
  );
}

main(JSON.parse(process.argv[2])).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
