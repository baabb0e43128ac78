import { FakeBackend } from '../testing/FakeBackend';
import { TestCli } from '../testing/TestCli';

jest.setTimeout(60_000);

const PROBLEM = {
  severity: 'error',
  code: 'WORKFLOW_PARAMETER',
  message: 'The key "typ" is not known.',
  pointer: '/spec',
  line: 8,
  column: 3,
  file: 'paths/copy.yaml',
  suggestions: [],
};

const goldenPath = (more: object = {}) => ({
  name: 'copy-database',
  title: 'Copy a database',
  tags: [],
  parameters: [
    { name: 'database', type: 'string', required: true, min: 3, max: 30 },
    { name: 'copies', type: 'int', required: false, min: 1, max: 5 },
    {
      name: 'keep',
      type: 'duration',
      required: false,
      default: '2d',
      min: 3_600_000,
      max: 1_209_600_000,
    },
  ],
  parametersSchema: {},
  needsApplication: false,
  steps: [{ name: 'copy', type: 'simulate', dependsOn: [], stage: 0 }],
  source: 'paths/copy.yaml',
  state: 'active',
  problems: [],
  allowedActions: { run: { allowed: true } },
  ...more,
});

const FILE = `apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: copy }
spec:
  parameters:
    database: { type: string, required: true, min: 8 }
    drop: { type: bool, default: false }
  steps:
    - name: ask
      type: approval
      config: { quorum: 2 }
    - name: dump
      type: workflow
      config: { workflow: dump, parameters: { name: '\${params.database}' } }
    - name: load
      type: kubernetes
      forEach: [eu, us]
      config: { operation: apply, manifest: '\${dump.file}' }
    - { name: drop, type: simulate, if: '\${params.drop}' }
  outputs:
    file: \${dump.file}
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: dump }
spec:
  parameters: { name: { type: string, required: true } }
  steps:
    - name: write
      type: simulate
      config: { outputs: { file: '\${params.name}.sql' } }
  outputs:
    file: \${write.file}
`;

describe('golden paths', () => {
  let cli: TestCli;
  let backend: FakeBackend;

  beforeAll(async () => {
    cli = await TestCli.create();
  });
  afterAll(() => cli.remove());
  beforeEach(async () => {
    backend = await FakeBackend.start();
  });
  afterEach(() => backend.stop());

  const run = (...argv: string[]) =>
    cli.run(argv, {
      env: { INNOMINATUS_TOKEN: 'token', INNOMINATUS_URL: backend.url },
    });

  it('are listed with what is broken, and where', async () => {
    backend.on('GET /v1/golden-paths', {
      items: [
        goldenPath(),
        goldenPath({ name: 'kept', state: 'lastGood', problems: [PROBLEM] }),
        goldenPath({ name: 'bad', state: 'refused', problems: [PROBLEM] }),
      ],
    });
    const { stdout, stderr } = await run('golden-paths', 'list');
    expect(stdout).toMatch(/copy-database .*active/);
    expect(stdout).toMatch(/kept .*last good version/);
    expect(stdout).toMatch(/bad .*refused/);
    expect(stderr).toContain('Problems of bad:');
    expect(stderr).toContain(
      'paths/copy.yaml:8:3: error WORKFLOW_PARAMETER The key "typ" is not known.',
    );
  });

  it('are shown with the bounds of their parameters', async () => {
    backend.on(
      'GET /v1/golden-paths/copy-database',
      goldenPath({ state: 'lastGood', problems: [PROBLEM] }),
    );
    const { stdout, stderr } = await run(
      'golden-paths',
      'get',
      'copy-database',
    );
    expect(stdout).toContain(
      'database (string, required, from 3 to 30 characters)',
    );
    expect(stdout).toContain('copies (int, from 1 to 5)');
    expect(stdout).toContain('keep (duration, default "2d", from 1h to 14d)');
    expect(stdout).toContain('state  last good version');
    expect(stderr).toContain('paths/copy.yaml:8:3');
  });

  it('are tried without a backend, with nested runs, approvals and items', async () => {
    const file = await cli.write('copy.yaml', FILE);
    const { code, stdout, stderr } = await run('golden-paths', 'test', file);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('succeeded  copy\n');
    expect(stdout).toMatch(/succeeded +load-1/);
    expect(stdout).toMatch(/skipped +drop: /);
    expect(stdout).toContain('1 of 1 golden paths succeeded');
    expect(backend.requests).toEqual([]);
  });

  it('call no other golden path, as in the backend', async () => {
    const text = FILE.replace('workflow: dump,', 'workflow: copy,');
    const file = await cli.write('copy.yaml', text);
    const { code, stdout } = await run('golden-paths', 'test', file);
    expect(code).toBe(1);
    expect(stdout).toContain('Golden paths cannot be called');
  });

  it('are tried with the parameters that are given', async () => {
    const file = await cli.write('copy.yaml', FILE);
    const dropped = await run(
      ...['golden-paths', 'test', file, '-o', 'json'],
      ...['--param', 'drop=yes', '--param', 'database=accounts'],
    );
    const [tried] = JSON.parse(dropped.stdout).goldenPaths;
    expect(tried.outputs).toEqual({ file: 'accounts.sql' });
    expect(tried.steps.map((step: { status: string }) => step.status)).toEqual(
      Array(tried.steps.length).fill('succeeded'),
    );

    const wrong = await run(
      ...['golden-paths', 'test', file, '--param', 'database=db'],
    );
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain('value must have at least 8 characters');
    const none = await run('golden-paths', 'test', file, '--golden-path', 'x');
    expect(none.stderr).toContain('There is no golden path "x"');
  });
});
