import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { TestCli } from './testing/TestCli';
import { SCORE } from './testing/samples';

const PACKAGE = path.resolve(__dirname, '..');

describe('the built program', () => {
  let cli: TestCli;
  beforeAll(async () => {
    cli = await TestCli.create();
  });
  afterAll(() => cli.remove());

  const node = (args: string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
      execFile(
        process.execPath,
        args,
        {
          env: { PATH: process.env.PATH, XDG_CONFIG_HOME: cli.folder, ...env },
        },
        (error, stdout, stderr) =>
          resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });

  it('is started by bin/innominatus, which says what to do while it is missing', async () => {
    const bin = path.join(cli.folder, 'bin');
    await mkdir(bin);
    await copyFile(
      path.join(PACKAGE, 'bin', 'innominatus'),
      path.join(bin, 'innominatus'),
    );
    const started = await node([path.join(bin, 'innominatus'), '--version']);
    expect(started).toMatchObject({ code: 0, stderr: '' });
    expect(started.stdout).toMatch(/^innominatus \d/);

    const elsewhere = path.join(cli.folder, 'elsewhere', 'bin');
    await mkdir(elsewhere, { recursive: true });
    await copyFile(
      path.join(PACKAGE, 'bin', 'innominatus'),
      path.join(elsewhere, 'innominatus'),
    );
    const missing = await node([path.join(elsewhere, 'innominatus')]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('not built yet');
    expect(missing.stderr).toContain('npm start');
  });

  it('prints nothing of its own on stderr for a valid file', async () => {
    const { stderr } = await cli.run(['validate', '-', '--quiet'], {
      stdin: SCORE,
    });
    expect(stderr).toBe('');
  });

  it('has no colors off a terminal', async () => {
    const { stdout, stderr } = await cli.run(['validate', '-', '--explain'], {
      stdin: 'a: 1',
      env: { TERM: 'xterm-256color' },
    });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('ends quietly when the reader of stdout stops early', async () => {
    const child = spawn('sh', [
      '-c',
      '"$0" "$1" help | head -n 1; echo done',
      process.execPath,
      cli.program,
    ]);
    let output = '';
    child.stdout.on('data', chunk => {
      output += chunk;
    });
    child.stderr.on('data', chunk => {
      output += chunk;
    });
    await new Promise(resolve => {
      child.on('close', resolve);
    });
    expect(output).toBe(
      'innominatus: deploy workloads that a Score file describes\ndone\n',
    );
  });

  it('adds its commands and exit codes to backstage-cli', async () => {
    const host = await cli.write(
      'host.cjs',
      `require('@backstage/cli-node').runCli({
        name: 'backstage-cli',
        version: '0.0.0',
        modules: [require('./dist/index.cjs.js').default],
      });`,
    );
    const modules = path.resolve(
      require.resolve('@backstage/cli-node/package.json'),
      '../../..',
    );
    const run = (...argv: string[]) =>
      node([host, ...argv], { NODE_PATH: modules });
    const version = await run('innominatus', 'version', '--client');
    expect(version.stdout).toMatch(/^innominatus \d/);
    const list = await run('innominatus', 'runs', 'list', '-o', 'json');
    expect(list.code).toBe(4);
    expect(list.stderr).toContain('innominatus login');
  });
});
