import { mockServices } from '@backstage/backend-test-utils';
import {
  ProcessContext,
  ProcessLine,
} from '@innominatus/backstage-plugin-innominatus-node';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../../__testUtils__/TestEngine';
import { isAlive } from './processIdentity';
import { LocalProcessRunner } from './LocalProcessRunner';
import { LocalRunnerConfig } from './readLocalRunnerConfig';
import { StateDirectories } from './StateDirectories';
import { StateDirectory } from './StateDirectory';

jest.setTimeout(60_000);

const RUNNER = resolve(__dirname, '../../__testUtils__/stepRunnerRunner.ts');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const KEY = 'run-1/step/1';
/** Says when it starts, and ends when it is told to. */
const UNTIL_GO = `
  const fs = require('fs');
  fs.appendFileSync('ledger', process.pid + '\\n');
  console.log('before');
  const look = () => {
    if (!fs.existsSync('go')) return setTimeout(look, 20);
    console.log('after');
    process.exit(6);
  };
  look();
`;

describe('LocalProcessRunner', () => {
  let folder: string;
  let workspace: string;
  let config: LocalRunnerConfig;
  let state: StateDirectory;
  let parents: ChildProcess[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-runner-'));
    workspace = join(folder, 'workspace');
    await mkdir(workspace);
    config = {
      programs: [process.execPath],
      path: ['/usr/bin', '/bin'],
      stateDirectory: join(folder, 'state'),
      outputBytes: 1024 * 1024,
      onShutdown: 'detach',
    };
    state = StateDirectory.of(config.stateDirectory, KEY);
    parents = [];
  });

  afterEach(async () => {
    for (const parent of parents) {
      parent.kill('SIGKILL');
    }
    for (const identity of [await state.supervisor(), await state.program()]) {
      if (identity && (await isAlive(identity))) {
        process.kill(identity.pid, 'SIGKILL');
      }
    }
    await rm(folder, { recursive: true, force: true });
  });

  const createRunner = () =>
    LocalProcessRunner.create({ config, logger: mockServices.logger.mock() });

  function contextOf(context: Partial<ProcessContext> = {}) {
    const lines: ProcessLine[] = [];
    return {
      key: KEY,
      workspace,
      signal: new AbortController().signal,
      onLine: (line: ProcessLine) => lines.push(line),
      flush: async () => true,
      ...context,
      lines,
    };
  }

  const node = (script: string) => ({ program: 'node', args: ['-e', script] });

  /** Another process starts the program and is killed with -9. */
  async function startAndKillParent(script: string): Promise<void> {
    const parent = spawn(
      process.execPath,
      [
        '--require',
        TRANSFORM,
        RUNNER,
        JSON.stringify({
          stateDirectory: config.stateDirectory,
          workspace,
          key: KEY,
          script,
        }),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    parents.push(parent);
    let output = '';
    parent.stdout?.on('data', chunk => {
      output += chunk;
    });
    await eventually(async () => output.includes('before'), 30_000);
    await eventually(async () => (await state.logged()) > 0);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  }

  const ledger = async () =>
    (await readFile(join(workspace, 'ledger'), 'utf8')).trim().split('\n');

  it('attaches to a program whose backend was killed with -9', async () => {
    await startAndKillParent(UNTIL_GO);
    const context = contextOf();
    const ended = createRunner().attach(context);
    await eventually(() => context.lines.length === 1);
    await writeFile(join(workspace, 'go'), '');
    await expect(ended).resolves.toEqual({
      exitCode: 6,
      outputTruncated: false,
    });
    expect(context.lines).toEqual([
      { stream: 'stdout', text: 'before', replayed: true },
      { stream: 'stdout', text: 'after', replayed: false },
    ]);
    expect(await ledger()).toHaveLength(1);
  });

  it('learns how a program ended while no backend was there', async () => {
    await startAndKillParent(UNTIL_GO);
    await writeFile(join(workspace, 'go'), '');
    await eventually(async () => (await state.exit()) !== undefined);
    const context = contextOf();
    await expect(
      createRunner().run(node(UNTIL_GO), context),
    ).resolves.toMatchObject({ exitCode: 6 });
    expect(context.lines.map(line => line.text)).toEqual(['before', 'after']);
    expect(await ledger()).toHaveLength(1);
  });

  it('says that a program is lost, but not before it has ended', async () => {
    await startAndKillParent(UNTIL_GO);
    const supervisor = await state.supervisor();
    process.kill(supervisor!.pid, 'SIGKILL');
    const ended = createRunner().run(node(UNTIL_GO), contextOf());
    let over = false;
    ended.catch(() => {
      over = true;
    });
    await new Promise(done => setTimeout(done, 1000));
    expect(over).toBe(false);
    await writeFile(join(workspace, 'go'), '');
    await expect(ended).rejects.toMatchObject({ code: 'PROCESS_LOST' });
    expect(await ledger()).toHaveLength(1);

    await expect(
      createRunner().run(node(UNTIL_GO), contextOf(), { replaceLost: true }),
    ).resolves.toMatchObject({ exitCode: 6 });
    expect(await ledger()).toHaveLength(2);
  });

  it('cancels a program whose supervisor is gone', async () => {
    await startAndKillParent(UNTIL_GO);
    const supervisor = await state.supervisor();
    process.kill(supervisor!.pid, 'SIGKILL');
    await expect(
      createRunner().attach(contextOf({ signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({ code: 'PROCESS_LOST' });
    expect(await isAlive((await state.program())!)).toBe(false);
  });

  it('does not take another process with the same number for its own', async () => {
    await state.create(await machineOf());
    const stranger = spawn(process.execPath, [
      '-e',
      'setInterval(() => {}, 9)',
    ]);
    parents.push(stranger);
    for (const name of ['supervisor.json', 'program.json']) {
      await writeFile(
        join(state.path, name),
        JSON.stringify({ pid: stranger.pid, startTime: '1' }),
      );
    }
    await expect(
      createRunner().attach(contextOf({ signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({ code: 'PROCESS_LOST' });
    await createRunner().cancel(KEY, { force: true });
    await new Promise(done => setTimeout(done, 200));
    expect({ code: stranger.exitCode, signal: stranger.signalCode }).toEqual({
      code: null,
      signal: null,
    });
  });

  it('says of a program on another machine that it is not here', async () => {
    await state.create('another machine');
    await expect(createRunner().attach(contextOf())).resolves.toBeUndefined();
    await expect(
      createRunner().run(node(''), contextOf()),
    ).rejects.toMatchObject({ code: 'PROCESS_LOST' });
    await expect(
      createRunner().run(node(''), contextOf(), { replaceLost: true }),
    ).resolves.toMatchObject({ exitCode: 0 });
  });

  it('starts a program whose backend died before it could', async () => {
    await state.create(await machineOf());
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(state.path, 'machine'), longAgo, longAgo);
    const context = contextOf();
    await expect(createRunner().attach(context)).resolves.toBeUndefined();
    await expect(
      createRunner().run(node('console.log("started")'), context),
    ).resolves.toMatchObject({ exitCode: 0 });
    expect(context.lines).toHaveLength(1);
  });

  it('ends what left the process group of the program', async () => {
    const beat = `
      const fs = require('fs');
      setInterval(() => fs.appendFileSync('beats', '.'), 20);
    `;
    await createRunner().run(
      node(`
        const { spawn } = require('child_process');
        const fs = require('fs');
        spawn(process.execPath, ['-e', ${JSON.stringify(beat)}], {
          detached: true,
          stdio: 'ignore',
        }).unref();
        const look = () =>
          fs.existsSync('beats') ? process.exit() : setTimeout(look, 20);
        look();
      `),
      contextOf(),
    );
    const beats = await readFile(join(workspace, 'beats'), 'utf8');
    await new Promise(done => setTimeout(done, 300));
    expect(await readFile(join(workspace, 'beats'), 'utf8')).toBe(beats);
  });

  it('ends a program that takes too much memory', async () => {
    await expect(
      createRunner().run(
        {
          ...node(`
            const kept = [];
            setInterval(() => kept.push(Buffer.alloc(16 * 1024 * 1024, 1)), 50);
          `),
          limits: { memoryBytes: 200 * 1024 * 1024 },
        },
        contextOf(),
      ),
    ).resolves.toMatchObject({ stoppedBy: 'memory', signal: 'SIGTERM' });
  });

  it('gives a program no other variables than it says', async () => {
    const context = contextOf();
    await createRunner().run(
      {
        ...node('console.log(JSON.stringify(Object.keys(process.env).sort()))'),
        env: { TOKEN: 'x' },
      },
      context,
    );
    expect(JSON.parse(context.lines[0].text)).toEqual([
      'HOME',
      'INNOMINATUS_PROCESS',
      'LANG',
      'PATH',
      'TMPDIR',
      'TOKEN',
    ]);
  });

  it('writes no secret to its state', async () => {
    await createRunner().run(
      {
        program: 'node',
        args: ['-e', '', 'canary-argument'],
        env: { TOKEN: 'canary-variable' },
        stdin: 'canary-input',
      },
      contextOf(),
    );
    const files = await readdir(state.path);
    expect(files).toEqual(
      expect.arrayContaining(['exit.json', 'supervisor.json', 'program.json']),
    );
    for (const name of files) {
      expect(await readFile(join(state.path, name), 'utf8')).not.toContain(
        'canary',
      );
    }
  });

  it('refuses a folder for its state that is not only its own', async () => {
    await symlink(workspace, config.stateDirectory);
    await expect(createRunner().run(node(''), contextOf())).rejects.toThrow(
      'innominatus.runner.local.stateDirectory',
    );
    await rm(config.stateDirectory);
    await mkdir(config.stateDirectory);
    await chmod(config.stateDirectory, 0o770);
    await expect(createRunner().run(node(''), contextOf())).rejects.toThrow(
      'innominatus.runner.local.stateDirectory',
    );
    await chmod(config.stateDirectory, 0o700);
    await expect(
      createRunner().run(node(''), contextOf()),
    ).resolves.toMatchObject({ exitCode: 0 });
  });

  it('does not follow a link that a program put in place of its home', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await symlink(outside, join(workspace, '.innominatus'));
    await expect(
      createRunner().run(node(''), contextOf()),
    ).rejects.toMatchObject({ code: 'CWD_OUTSIDE' });
    expect(await readdir(outside)).toEqual([]);
  });

  it('removes what is old and over, and nothing that runs', async () => {
    const states = StateDirectories.create({
      root: config.stateDirectory,
      logger: mockServices.logger.mock(),
    });
    await createRunner().run(node(''), contextOf({ key: 'run-0/step/1' }));
    const context = contextOf();
    const ended = createRunner().run(node(UNTIL_GO), context);
    await eventually(() => context.lines.length === 1);
    await states.cleanUp(60_000);
    expect(await readdir(config.stateDirectory)).toHaveLength(2);
    await states.cleanUp(-1);
    await states.forget('run-1');
    expect(await readdir(config.stateDirectory)).toHaveLength(1);
    await writeFile(join(workspace, 'go'), '');
    await expect(ended).resolves.toMatchObject({ exitCode: 6 });
    // The supervisor needs a moment to end after it wrote down the exit code.
    await eventually(async () => {
      await states.forget('run-1');
      return (await readdir(config.stateDirectory)).length === 0;
    });
  });

  async function machineOf(): Promise<string> {
    const key = 'other/step/1';
    await createRunner().run(node(''), contextOf({ key }));
    return (await StateDirectory.of(config.stateDirectory, key).machine())!;
  }
});
