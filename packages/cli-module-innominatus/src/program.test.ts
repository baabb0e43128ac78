import { PassThrough, Readable } from 'node:stream';
import { commandSet } from './commands/registry';
import { FlagDefinition } from './framework/command';
import { globalFlags } from './framework/globalFlags';
import { runProgram } from './program';

async function run(argv: string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await runProgram(argv, {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env: {},
    fetch,
    signal: new AbortController().signal,
  });
  return {
    code,
    stdout: String(stdout.read() ?? ''),
    stderr: String(stderr.read() ?? ''),
  };
}

describe('the command line', () => {
  it('shows its help on stdout when nothing is called', async () => {
    const { code, stdout } = await run([]);
    expect(code).toBe(0);
    expect(stdout).toContain('innominatus deploy score.yaml');
  });

  it.each(commandSet.commands.map(({ name }) => name))(
    'explains "%s" with an example',
    async name => {
      const { code, stdout } = await run([...name.split(' '), '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`innominatus ${name}`);
      expect(stdout).toContain('Examples');
    },
  );

  it('shows the verbs of a noun', async () => {
    const { stdout } = await run(['help', 'runs']);
    expect(stdout).toContain('runs watch');
    expect(stdout).toContain('runs cancel');
  });

  it('names the nearest command', async () => {
    const { code, stdout, stderr } = await run(['depoy', 'x.yaml']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Did you mean "innominatus deploy"?');
  });

  it('names the nearest verb of a noun', async () => {
    const { code, stderr } = await run(['runs', 'wacth', '1']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "innominatus runs watch"?');
  });

  it('names the nearest option', async () => {
    const { code, stderr } = await run(['deploy', 'x', '--wacth']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean --watch?');
  });

  it('refuses an option of another command', async () => {
    const { code, stderr } = await run(['version', '--watch']);
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
    const { code, stdout, stderr } = await run(argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  it('reads options at any place of the line', async () => {
    const { code, stdout } = await run(['-o', 'json', '--client', 'version']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ client: expect.any(String) });
  });

  it('keeps one meaning for an option in all commands', () => {
    const kinds = new Map<string, string>();
    const conflicts: string[] = [];
    // `generate` has an --output of its own, which still takes one value.
    const all = [{ name: '', flags: globalFlags }, ...commandSet.commands];
    for (const { name, flags = {} } of all) {
      for (const [flag, definition] of Object.entries(flags)) {
        const { type, short }: FlagDefinition = definition;
        const kind = `${type === 'boolean'} ${short}`;
        if (
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
      const { code, stdout } = await run([alias, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage\n  innominatus ${name}`);
    },
  );
});
