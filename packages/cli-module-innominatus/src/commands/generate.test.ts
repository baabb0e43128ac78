import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SCORE } from '../testing/samples';
import { useTestCli } from '../testing/useCli';

const WITH_FILE = `apiVersion: score.dev/v1b1
metadata:
  name: web
containers:
  main:
    image: .
    files:
      /etc/app.conf:
        source: config/app.conf
`;

describe('generate', () => {
  const cli = useTestCli();

  it('prints the same manifests on every call, and nothing else on stdout', async () => {
    const file = await cli.write('score.yaml', SCORE);
    const first = await cli.run(['generate', file, '-o', '-']);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('kind: Deployment');
    expect(first.stdout.startsWith('apiVersion: ')).toBe(true);
    expect((await cli.run(['generate', file])).stdout).toBe(first.stdout);
    const stdin = await cli.run(['generate', '-'], { stdin: SCORE });
    expect(stdin.stdout).toBe(first.stdout);
  });

  it('takes an image, overrides, properties, a namespace and outputs', async () => {
    const file = await cli.write(
      'score.yaml',
      SCORE.replace('image: nginx:1.27', 'image: .'),
    );
    const overrides = await cli.write(
      'overrides.yaml',
      'containers: {api: {variables: {A: from-file}}}',
    );
    const outputs = await cli.write('outputs.json', '{"db":{"host":"db.eu"}}');
    const { code, stdout } = await cli.run([
      'generate',
      file,
      '-i',
      'shop:2',
      '--overrides-file',
      overrides,
      '--override-property',
      'containers.api.variables.B=from-line',
      '--override-property',
      'metadata.annotations.team=blue',
      '-n',
      'team-a',
      '--generate-namespace',
      '--outputs',
      outputs,
      '-o',
      'json',
    ]);
    expect(code).toBe(0);
    const { items } = JSON.parse(stdout);
    expect(items[0]).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'team-a' },
    });
    const deployment = items.find(
      (item: { kind: string }) => item.kind === 'Deployment',
    );
    expect(deployment).toMatchObject({
      metadata: { namespace: 'team-a' },
      spec: {
        template: {
          metadata: { annotations: { team: 'blue' } },
          spec: {
            containers: [
              {
                image: 'shop:2',
                env: [
                  { name: 'A', value: 'from-file' },
                  { name: 'B', value: 'from-line' },
                  { name: 'DATABASE_HOST', value: 'db.eu' },
                ],
              },
            ],
          },
        },
      },
    });
  });

  it('writes a whole file or none', async () => {
    const good = await cli.write('good.yaml', SCORE);
    const bad = await cli.write(
      'bad.yaml',
      SCORE.replace('name: orders', 'name: other').replace('image:', 'imagee:'),
    );
    const folder = path.join(cli.folder, 'out');
    await mkdir(folder);
    const target = path.join(folder, 'manifests.yaml');
    const failed = await cli.run(['generate', good, bad, '-o', target]);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toBe('');
    expect(failed.stderr).toContain('SCORE_UNKNOWN_KEY');
    expect(failed.stderr).toContain('bad.yaml');
    expect(await readdir(folder)).toEqual([]);
    const done = await cli.run(['generate', good, '-o', target]);
    expect(done).toMatchObject({ code: 0, stdout: '' });
    expect(await readdir(folder)).toEqual(['manifests.yaml']);
    expect(await readFile(target, 'utf8')).toContain('kind: Deployment');
  });

  it('says findings as JSON on stderr, each with its file and place', async () => {
    const file = await cli.write(
      'bad.yaml',
      SCORE.replace('image:', 'imagee:'),
    );
    const { code, stdout, stderr } = await cli.run([
      'generate',
      file,
      '--diagnostics',
      'json',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      valid: false,
      issues: expect.arrayContaining([
        expect.objectContaining({
          file,
          code: 'SCORE_UNKNOWN_KEY',
          line: 6,
          column: 5,
        }),
      ]),
    });
  });

  it('reads the files of the spec from its own folder, whatever the current one is', async () => {
    await mkdir(path.join(cli.folder, 'app', 'config'), { recursive: true });
    const file = path.join(cli.folder, 'app', 'score.yaml');
    await writeFile(file, WITH_FILE);
    await writeFile(
      path.join(cli.folder, 'app', 'config', 'app.conf'),
      'name = ${metadata.name}\n',
    );
    const { code, stdout } = await cli.run(['generate', file, '-i', 'a:1']);
    expect(code).toBe(0);
    expect(stdout).toContain('name = web');
  });

  it('reads no file outside of the folder of the spec', async () => {
    await cli.write('secret.txt', 'hidden');
    const folder = path.join(cli.folder, 'inner');
    await mkdir(folder);
    const file = path.join(folder, 'score.yaml');
    await symlink(
      path.join(cli.folder, 'secret.txt'),
      path.join(folder, 'link.txt'),
    );
    for (const source of [
      '../secret.txt',
      path.join(cli.folder, 'secret.txt'),
      'link.txt',
      'missing.txt',
      '.',
    ]) {
      await writeFile(file, WITH_FILE.replace('config/app.conf', source));
      const result = await cli.run([
        'generate',
        file,
        '-i',
        'a:1',
        '--diagnostics',
        'json',
      ]);
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(JSON.parse(result.stderr).issues).toMatchObject([
        { code: 'SCORE_FILE_SOURCE', line: 9 },
      ]);
      expect(result.stderr).not.toContain('hidden');
    }
  });

  it('is called wrongly without a file or with one twice', async () => {
    expect((await cli.run(['generate'])).code).toBe(2);
    const file = await cli.write('score.yaml', SCORE);
    expect((await cli.run(['generate', file, file])).code).toBe(2);
    const several = await cli.run([
      'generate',
      file,
      await cli.write('b.yaml', SCORE.replace('name: orders', 'name: other')),
      '--image',
      'a:1',
    ]);
    expect(several.code).toBe(1);
    expect(several.stderr).toContain('GENERATE_OPTIONS');
  });
});
