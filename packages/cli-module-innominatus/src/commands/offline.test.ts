import { FakeBackend, sendJson } from '../testing/FakeBackend';
import { SCORE } from '../testing/samples';
import { signedIn, useTestCli } from '../testing/useCli';

const BROKEN = SCORE.replace('image: nginx:1.27', 'imagee: nginx:1.27');
const DEPRECATED = SCORE.replace(
  'image: nginx:1.27',
  'image: nginx:1.27\n    files:\n      - target: /a\n        content: a',
);

describe('validate', () => {
  const cli = useTestCli();

  const fileWith = (text: string) => cli.write('score.yaml', text);

  it('says what a valid file describes', async () => {
    const { code, stdout } = await cli.run(['validate', await fileWith(SCORE)]);
    expect(code).toBe(0);
    expect(stdout).toContain('valid, orders with 1 container and 1 resource');
  });

  it('prints exactly one JSON document for an invalid file', async () => {
    const file = await fileWith(BROKEN);
    const { code, stdout } = await cli.run([
      'validate',
      file,
      '--format',
      'json',
    ]);
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toEqual({
      valid: false,
      file,
      issues: expect.arrayContaining([
        {
          severity: 'error',
          code: 'SCORE_UNKNOWN_KEY',
          message: expect.stringContaining('imagee'),
          pointer: expect.stringMatching(/^\/containers\/api/),
          line: 6,
          column: 5,
          suggestions: expect.any(Array),
        },
      ]),
    });
    expect(Object.keys(report.issues[0])).toEqual([
      'severity',
      'code',
      'message',
      'pointer',
      'line',
      'column',
      'suggestions',
    ]);
  });

  it('prints the same document with -o json and for stdin', async () => {
    const { code, stdout } = await cli.run(['validate', '-', '-o', 'json'], {
      stdin: SCORE,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, file: '-' });
  });

  it('shows the line and a fix with --explain', async () => {
    const { code, stdout } = await cli.run([
      'validate',
      await fileWith(BROKEN),
      '--explain',
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('6 |     imagee: nginx:1.27');
    expect(stdout).toContain('^^^^^^');
  });

  it('prints only findings with --format simple', async () => {
    const { stdout, stderr } = await cli.run([
      'validate',
      await fileWith(BROKEN),
      '--format',
      'simple',
    ]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.every(line => / (error|warning|info) SCORE_/.test(line))).toBe(
      true,
    );
    expect(stderr).toContain('not valid');
  });

  it('prints a SARIF log with --format sarif and keeps the exit code', async () => {
    const file = await fileWith(BROKEN);
    const { code, stdout } = await cli.run([
      'validate',
      file,
      '--format',
      'sarif',
    ]);
    expect(code).toBe(1);
    const [run] = JSON.parse(stdout).runs;
    expect(run.tool.driver.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(run.results[0]).toMatchObject({
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 5 } } }],
    });
    const good = await cli.run(['validate', '-', '--format', 'sarif'], {
      stdin: SCORE,
    });
    expect([good.code, JSON.parse(good.stdout).runs[0].results]).toEqual([
      0,
      [],
    ]);
  });

  it('treats warnings as errors with --strict only', async () => {
    const file = await fileWith(DEPRECATED);
    expect((await cli.run(['validate', file])).code).toBe(0);
    const strict = await cli.run(['validate', file, '--strict', '-o', 'json']);
    expect(strict.code).toBe(1);
    expect(JSON.parse(strict.stdout).valid).toBe(false);
  });

  it('answers with an error for an empty text', async () => {
    const { code, stdout } = await cli.run(['validate', '-'], { stdin: '' });
    expect(code).toBe(1);
    expect(stdout).toContain('SCORE_EMPTY');
  });

  it('leaves stdout empty for a wrong call', async () => {
    const { code, stdout, stderr } = await cli.run([
      'validate',
      'missing.yaml',
      '--format',
      'json',
    ]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('"missing.yaml" does not exist');
  });
});

describe('analyze', () => {
  const cli = useTestCli();

  it('prints levels, the critical path, the duration and risks', async () => {
    const file = await cli.write('score.yaml', SCORE);
    const { code, stdout } = await cli.run(['analyze', file, '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      levels: expect.arrayContaining([['provision-db']]),
      criticalPath: expect.arrayContaining(['provision-db']),
      estimatedSeconds: expect.any(Number),
      risks: expect.any(Array),
    });
  });

  it('asks the backend for earlier durations only with --history', async () => {
    const backend = await FakeBackend.start();
    const offline = await cli.run(['analyze', '-', '-o', 'json'], {
      stdin: SCORE,
    });
    backend.on('POST /v1/score/analyze', (_, response) =>
      sendJson(response, 200, {
        ...JSON.parse(offline.stdout),
        assumptions: ['provision-db (7 s): the median of earlier runs.'],
      }),
    );
    const { code, stdout } = await cli.run(['analyze', '-', '--history'], {
      stdin: SCORE,
      env: signedIn(backend),
    });
    const [asked] = backend.seen('POST /v1/score/analyze');
    await backend.stop();
    expect(code).toBe(0);
    expect(asked.body).toEqual({ score: SCORE });
    expect(stdout).toContain('provision-db (7 s): the median of earlier runs.');
  });

  it('says what the estimate rests on', async () => {
    const { stdout } = await cli.run(['analyze', '-'], { stdin: SCORE });
    expect(stdout).toContain('What the estimate rests on');
    expect(stdout).toContain('assumed, without earlier runs to go by.');
  });

  it('shows the diagnostics of a broken file and no analysis', async () => {
    const { code, stdout, stderr } = await cli.run(['analyze', '-'], {
      stdin: BROKEN,
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('SCORE_UNKNOWN_KEY');
  });
});
