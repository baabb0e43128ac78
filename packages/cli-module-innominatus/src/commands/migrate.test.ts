import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { useTestCli } from '../testing/useCli';

const EARLIER = `apiVersion: workflow.dev/v1
kind: Workflow
metadata:
  name: old
# in order
steps:
  - { name: a, type: simulate }
`;
const CANONICAL = `apiVersion: innominatus.dev/v1
kind: Workflow
metadata:
  name: old
spec:
  # in order
  steps:
    - { name: a, type: simulate }
`;

const SCORE_WITH_WORKFLOW = `apiVersion: score.dev/v1b1
metadata: { name: shop }
containers:
  web: { image: "shop:1" }
environment: { type: staging }
workflows:
  ship: { steps: [{ name: a, type: simulate }] }
`;

describe('migrate', () => {
  const cli = useTestCli();

  it('prints the file in the canonical form and says what changes', async () => {
    const file = await cli.write('w.yaml', EARLIER);
    const { code, stdout, stderr } = await cli.run(['migrate', file]);
    expect(code).toBe(0);
    expect(stdout).toBe(CANONICAL);
    expect(stderr).toContain('Moved "steps" to "spec.steps".');
    expect(await readFile(file, 'utf8')).toBe(EARLIER);
  });

  it('changes the file itself only with --write', async () => {
    const file = await cli.write('w.yaml', EARLIER);
    const first = await cli.run(['migrate', file, '--write']);
    expect(first.stdout).toBe(`${file}: 2 changes\n`);
    expect(await readFile(file, 'utf8')).toBe(CANONICAL);
    const second = await cli.run(['migrate', file, '--write']);
    expect(second.stdout).toBe(`${file}: nothing to rewrite\n`);
  });

  it('reads stdin and prints one document with -o json', async () => {
    const { code, stdout } = await cli.run(['migrate', '-', '-o', 'json'], {
      stdin: EARLIER,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      file: '-',
      kind: 'workflows',
      extracted: [],
      remaining: [],
      text: CANONICAL,
      changes: [
        'Moved "steps" to "spec.steps".',
        'Replaced "apiVersion: workflow.dev/v1" by "innominatus.dev/v1".',
      ],
    });
    const write = await cli.run(['migrate', '-', '--write'], {
      stdin: EARLIER,
    });
    expect(write.code).toBe(2);
  });

  it('rewrites a Score file and writes its workflows beside it', async () => {
    const file = await cli.write('score.yaml', SCORE_WITH_WORKFLOW);
    const { code, stdout, stderr } = await cli.run([
      'migrate',
      file,
      '--write',
    ]);
    expect([code, stdout]).toEqual([0, `${file}: 2 changes\n`]);
    expect(stderr).toContain('innominatus deploy -e staging');
    expect(await readFile(file, 'utf8')).toBe(
      SCORE_WITH_WORKFLOW.split('environment')[0],
    );
    const part = path.join(cli.folder, 'shop-ship.workflow.yaml');
    expect(await readFile(part, 'utf8')).toContain('name: shop-ship');
    const again = await cli.write('score.yaml', SCORE_WITH_WORKFLOW);
    const refused = await cli.run(['migrate', again, '--write']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('shop-ship.workflow.yaml" exists already');
    expect(await readFile(again, 'utf8')).toBe(SCORE_WITH_WORKFLOW);
  });

  it('prints what can be rewritten and says what is left', async () => {
    const { code, stdout, stderr } = await cli.run(['migrate', '-'], {
      stdin: SCORE_WITH_WORKFLOW.replace('name: shop', 'name: my_shop'),
    });
    expect(code).toBe(1);
    expect(stdout).not.toContain('workflows');
    expect(stderr).toMatch(/-:2:\d+: error SCORE_/);
  });

  it('makes golden paths of a list and the workflows that lie beside it', async () => {
    await cli.write('ship.yaml', EARLIER);
    const file = await cli.write(
      'goldenpaths.yaml',
      'goldenpaths:\n  ship: { workflow: ./ship.yaml, description: Ships it }\n',
    );
    const { code, stdout } = await cli.run(['migrate', file, '--write']);
    expect([code, stdout]).toEqual([0, `${file}: 3 changes\n`]);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('kind: GoldenPath');
    expect(text).toContain('description: Ships it');
    expect((await cli.run(['migrate', file, '--write'])).stdout).toBe(
      `${file}: nothing to rewrite\n`,
    );
    const lost = await cli.write('list.yaml', 'goldenpaths: { a: ./no.yaml }');
    const refused = await cli.run(['migrate', lost, '--write']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('"./no.yaml" of the golden path "a"');
  });

  it('names what does the work of a step type that is gone', async () => {
    const { code, stdout, stderr } = await cli.run(['migrate', '-'], {
      stdin: EARLIER.replace('simulate', 'terraform'),
    });
    expect([code, stdout]).toEqual([
      0,
      CANONICAL.replace('simulate', 'terraform'),
    ]);
    expect(stderr).toContain('The type "terraform" of step "a" stays as it is');
    expect(stderr).toContain('Use type "command" with the program "terraform"');
  });

  it('leaves a file alone that cannot be read, and says where', async () => {
    const file = await cli.write('w.yaml', 'steps: [\n');
    const { code, stdout, stderr } = await cli.run(['migrate', file]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/w\.yaml:\d+/);
  });
});
