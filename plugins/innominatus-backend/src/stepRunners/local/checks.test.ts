import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import { StepRunner } from '@innominatus/backstage-plugin-innominatus-node';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createStepRunner } from '../createStepRunner';
import { plainText } from './plainText';
import { processEnvironment } from './processEnvironment';
import { ProgramList } from './ProgramList';
import { readLocalRunnerConfig } from './readLocalRunnerConfig';

describe('ProgramList', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'programs-'));
    for (const name of ['first/tool', 'second/tool', 'second/other']) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), '#!/bin/sh\n', { mode: 0o755 });
    }
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const create = (...programs: string[]) =>
    ProgramList.create({
      programs,
      path: [join(folder, 'first'), join(folder, 'second')],
    });

  it('takes the first of the path, and does not look again', async () => {
    const list = create('tool', 'other');
    expect(list.fileOf('tool')).toBe(join(folder, 'first/tool'));
    await writeFile(join(folder, 'first/other'), '', { mode: 0o755 });
    expect(list.fileOf('other')).toBe(join(folder, 'second/other'));
  });

  it('knows an absolute path by its name as well', () => {
    const file = join(folder, 'second/tool');
    const list = create(file);
    expect([list.fileOf(file), list.fileOf('tool')]).toEqual([file, file]);
    expect(() => list.fileOf(join(folder, 'first/tool'))).toThrow(
      expect.objectContaining({ code: 'PROGRAM_NOT_ALLOWED' }),
    );
  });

  it('says which key allows a program', () => {
    expect(() => create().fileOf('terraform')).toThrow(
      'The program "terraform" may not run here. No program is allowed so far. The platform team can add it to "innominatus.runner.local.programs" in the app-config.',
    );
    expect(() => create('other').fileOf('sh')).toThrow('Allowed: "other"');
  });

  it('refuses names that are not there, not executable, relative or taken', async () => {
    await chmod(join(folder, 'second/other'), 0o644);
    expect(() => create('missing')).toThrow(
      `Looked for an executable file at ${join(folder, 'first/missing')}, ${join(folder, 'second/missing')}`,
    );
    expect(() => create('./tool')).toThrow('neither a name nor an absolute');
    expect(() => create('first')).toThrow('is not on this machine');
    expect(() => create('tool', join(folder, 'second/tool'))).toThrow(
      'two programs called "tool"',
    );
  });

  it('points out interpreters', () => {
    const { interpreters } = create(process.execPath, 'other');
    expect(interpreters).toContain(basename(process.execPath));
    expect(interpreters).not.toContain('other');
  });
});

describe('processEnvironment', () => {
  const environment = (declared: Record<string, string>) =>
    processEnvironment({
      declared,
      path: ['/usr/bin', '/bin'],
      home: '/w/home',
      temporary: '/w/tmp',
      marker: 'INNOMINATUS_PROCESS=abc',
    });

  it('holds what the step declares and little else', () => {
    expect(environment({ AWS_REGION: 'eu-central-1', LANG: 'de' })).toEqual({
      AWS_REGION: 'eu-central-1',
      LANG: 'de',
      PATH: '/usr/bin:/bin',
      HOME: '/w/home',
      TMPDIR: '/w/tmp',
      INNOMINATUS_PROCESS: 'abc',
    });
  });

  it.each([
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'LD_AUDIT',
    'DYLD_INSERT_LIBRARIES',
    'GCONV_PATH',
    'GLIBC_TUNABLES',
    'BASH_ENV',
    'ENV',
    'BASH_FUNC_git',
    'NODE_OPTIONS',
    'NODE_PATH',
    'PYTHONPATH',
    'PYTHONSTARTUP',
    'PERL5OPT',
    'RUBYOPT',
    'JAVA_TOOL_OPTIONS',
    '_JAVA_OPTIONS',
    'JDK_JAVA_OPTIONS',
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_GLOBAL',
    'GIT_EXTERNAL_DIFF',
    'PAGER',
    'EDITOR',
    'TF_CLI_ARGS',
    'TF_CLI_CONFIG_FILE',
    'HELM_PLUGINS',
    'OPENSSL_CONF',
    'PATH',
    'HOME',
    'TMPDIR',
    'INNOMINATUS_PROCESS',
    'A=B',
    'A-B',
    '',
    '1A',
    'A\n',
  ])('refuses %j', name => {
    expect(() => environment({ [name]: 'x' })).toThrow(
      expect.objectContaining({ code: 'ENVIRONMENT_REFUSED' }),
    );
  });

  it('refuses NUL, and does not repeat the value', () => {
    expect(() => environment({ TOKEN: 'secret\0' })).toThrow(
      'The environment variable "TOKEN" contains a NUL.',
    );
  });
});

describe('plainText', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b[2K\u001b[1Aover', 'over'],
    ['a\u0000b\u0008c\u007fd\u009be', 'abcde'],
    ['tab\there', 'tab\there'],
    ['\t[info] text', '\t[info] text'],
    ['user\u202etxt.exe', 'usertxt.exe'],
    ['grüße 🚀', 'grüße 🚀'],
  ])('brings %j to %j', (line, plain) => {
    expect(plainText(line)).toBe(plain);
  });
});

describe('readLocalRunnerConfig', () => {
  const read = (local: object) =>
    readLocalRunnerConfig(
      new ConfigReader({ innominatus: { runner: { local } } }),
    );

  it('allows nothing by default', () => {
    const config = readLocalRunnerConfig(
      new ConfigReader({ backend: { workingDirectory: '/srv/work' } }),
    );
    expect(config.programs).toEqual([]);
    expect(config.path).toContain('/usr/bin');
    expect(config.stateDirectory).toMatch(
      /^\/srv\/work\/innominatus-processes-\d+$/,
    );
  });

  it('names the key of a mistake', () => {
    expect(() => read({ path: ['bin'] })).toThrow(
      '"bin" in "innominatus.runner.local.path" is not an absolute path',
    );
    expect(() => read({ stateDirectory: 'state' })).toThrow(
      'innominatus.runner.local.stateDirectory',
    );
    expect(() => read({ onShutdown: 'kill' })).toThrow(
      'The value of "innominatus.runner.local.onShutdown" is "kill", expected "detach" or "finish".',
    );
    expect(() => read({ memoryBytes: -1 })).toThrow(
      'The value of "innominatus.runner.local.memoryBytes" is -1',
    );
  });
});

describe('createStepRunner', () => {
  const other: StepRunner = {
    type: 'kubernetes',
    run: async () => ({ exitCode: 0, outputTruncated: false }),
    attach: async () => undefined,
    cancel: async () => {},
    forget: async () => {},
  };
  const create = (type: string | undefined, ...stepRunners: StepRunner[]) =>
    createStepRunner({
      config: new ConfigReader({ innominatus: { runner: { type } } }),
      logger: mockServices.logger.mock(),
      stepRunners,
    });

  it('takes the local one unless the config names another', () => {
    expect(create(undefined, other).type).toBe('local');
    expect(create('kubernetes', other)).toBe(other);
  });

  it('refuses types that nobody brings, or that two bring', () => {
    expect(() => create('kubernetes')).toThrow(
      'The value of "innominatus.runner.type" is "kubernetes", but no module brings such a step runner. Expected "local".',
    );
    expect(() => create('local', other, other)).toThrow('registered twice');
  });
});
