import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../__testUtils__/TestEngine';

jest.setTimeout(90_000);

const RUNNER = resolve(__dirname, '../__testUtils__/killRunner.ts');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const RUNS = 3;
const STEPS = 6;
const KILLS = 3;

describe('a process that is killed with -9', () => {
  let folder: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'innominatus-kill-'));
    children = [];
  });

  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    await rm(folder, { recursive: true, force: true });
  });

  function startProcess(): ChildProcess {
    const child = spawn(
      process.execPath,
      ['--require', TRANSFORM, RUNNER, folder, String(RUNS), String(STEPS)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.push(child);
    return child;
  }

  /** Lines of the ledger, which the steps write beside the database. */
  async function ledger(): Promise<string[]> {
    const text = await readFile(join(folder, 'ledger'), 'utf8').catch(() => '');
    return text.split('\n').filter(line => line !== '');
  }

  it('ends every run and repeats only what it was in the middle of', async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const child = startProcess();
      const target = kill * RUNS + 1;
      await eventually(async () => (await ledger()).length >= target, 20_000);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const last = startProcess();
    let output = '';
    last.stdout?.on('data', chunk => {
      output += chunk;
    });
    const [code] = await once(last, 'exit');
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual(
      Array.from({ length: RUNS }, () => 'succeeded'),
    );

    const entries = await ledger();
    const ends = entries.filter(entry => entry.startsWith('end '));
    // A step that was recorded as finished was never begun again: whatever
    // began twice had been interrupted, at most once for each kill.
    expect(new Set(ends).size).toBe(RUNS * STEPS);
    const repeated = ends.length - new Set(ends).size;
    expect(repeated).toBeLessThanOrEqual(KILLS * RUNS);
    const afterRecorded = entries.filter(entry => entry.startsWith('again '));
    expect(afterRecorded).toEqual([]);
  });
});
