import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandSet } from './commands/registry';
import { globalFlags } from './framework/globalFlags';
import { TestHome } from './testing/runCli';
import { SCORE } from './testing/samples';

describe('the command line', () => {
  const home = new TestHome();
  afterAll(() => home.remove());

  it('shows its help on stdout when nothing is called', async () => {
    const { code, stdout } = await home.run([]);
    expect(code).toBe(0);
    expect(stdout).toContain('innominatus deploy score.yaml');
  });

  it.each(commandSet.commands.map(({ name }) => name))(
    'explains "%s" with an example',
    async name => {
      const { code, stdout } = await home.run([...name.split(' '), '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`innominatus ${name}`);
      expect(stdout).toContain('Examples');
    },
  );

  it('shows the verbs of a noun', async () => {
    const { stdout } = await home.run(['help', 'runs']);
    expect(stdout).toContain('runs watch');
    expect(stdout).toContain('runs cancel');
  });

  it('names the nearest command', async () => {
    const { code, stdout, stderr } = await home.run(['depoy', 'x.yaml']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Did you mean "innominatus deploy"?');
  });

  it('names the nearest verb of a noun', async () => {
    const { code, stderr } = await home.run(['runs', 'wacth', '1']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "innominatus runs watch"?');
  });

  it('names the nearest option', async () => {
    const { code, stderr } = await home.run(['deploy', 'x', '--wacth']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean --watch?');
  });

  it('refuses an option of another command', async () => {
    const { code, stderr } = await home.run(['version', '--watch']);
    expect(code).toBe(2);
    expect(stderr).toContain('"innominatus version" has no option --watch');
  });

  it.each([
    [['validate'], 'needs FILE'],
    [
      ['validate', 'a.yaml', 'b.yaml'],
      'does not know what to do with "b.yaml"',
    ],
    [['deploy', 'x', '--env'], '--env needs a value'],
    [['deploy', 'x', '--env', '--watch'], '--env needs a value'],
    [['deploy', 'x', '--watch=yes'], '--watch takes no value'],
    [['logs', '1', '--tail', 'few'], 'a whole number is expected'],
    [['runs', 'watch', '1', '--timeout', 'soon'], 'a duration such as'],
    [['list', '-o', 'xml'], 'one of table, wide, json, yaml, name'],
    [['validate', 'missing.yaml'], 'does not exist'],
    [['completion', 'tcsh'], 'one of bash, zsh, fish'],
  ])('refuses %j as a wrong call', async (argv, message) => {
    const { code, stdout, stderr } = await home.run(argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  it('reads options at any place of the line', async () => {
    const file = path.join(home.folder, 'score.yaml');
    writeFileSync(file, SCORE);
    const { code, stdout } = await home.run([
      '--format',
      'json',
      '--no-color',
      'validate',
      file,
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).valid).toBe(true);
  });

  it('keeps one meaning for an option in all commands', () => {
    const kinds = new Map<string, string>();
    const conflicts: string[] = [];
    for (const { name, flags = {} } of commandSet.commands) {
      for (const [flag, { type, short }] of Object.entries(flags)) {
        const kind = `${type === 'boolean'} ${short}`;
        if (
          flag in globalFlags ||
          (kinds.get(flag) ?? kind) !== kind ||
          (short && (kinds.get(`-${short}`) ?? flag) !== flag)
        ) {
          conflicts.push(`${name} --${flag}`);
        }
        kinds.set(flag, kind);
        if (short) {
          kinds.set(`-${short}`, flag);
        }
      }
    }
    expect(conflicts).toEqual([]);
  });

  it.each(Object.entries(commandSet.aliases))(
    'keeps "%s" as another name of "%s"',
    async (alias, name) => {
      const { code, stdout } = await home.run([alias, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage\n  innominatus ${name}`);
    },
  );
});
