import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const SUITE = path.join(ROOT, 'bench/conformance/run.mjs');

jest.setTimeout(300_000);

function run(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [SUITE, ...args], { cwd: ROOT });
  let output = '';
  const take = (chunk: string) => {
    output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, output }));
  });
}

describe('the conformance suite', () => {
  it('passes, and its page is up to date', async () => {
    const { code, output } = await run(['--check']);
    expect(output).not.toContain('FAIL');
    expect(output).not.toContain('not up to date');
    expect(output).toMatch(/CONFORMANCE \{"passed":\d{2,},"failed":0\}/);
    expect(code).toBe(0);
  });

  it('fails for a command that does nothing', async () => {
    const nothing = ['--command', `${process.execPath} -e 0`];
    const { code, output } = await run([
      ...nothing,
      '--only',
      'Two containers',
    ]);
    expect(code).toBe(1);
    expect(output).toContain('CONFORMANCE {"passed":0,"failed":3}');
  });
});
