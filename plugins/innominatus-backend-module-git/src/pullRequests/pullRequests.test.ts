import { mkdtempSync } from 'node:fs';
import {
  JsonObject,
  secretToken,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepResult,
  StepType,
  StepWait,
} from '@innominatus/backstage-plugin-innominatus-node';
import { GitServer } from '../__testUtils__/GitServer';
import { createTestStep, TestStepOptions } from '../__testUtils__/stepContext';
import { GitConfig } from '../readGitConfig';
import { createGitCheckPrStepType } from './createGitCheckPrStepType';
import { createGitPrStepType } from './createGitPrStepType';

jest.setTimeout(20_000);

const TOKEN = 'token-nobody-may-see';

describe('changes that others merge', () => {
  let server: GitServer;
  let config: GitConfig;
  let repository: string;
  /** For others, who work while nobody answers over HTTP. */
  let file: string;

  beforeAll(async () => {
    server = await GitServer.start(`bot:${TOKEN}`);
    config = {
      credentials: [{ host: server.host, username: 'bot', token: TOKEN }],
      allowFile: true,
      author: { name: 'innominatus', email: 'innominatus@example.com' },
    };
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    ({ http: repository, file } = server.create({
      'databases/old.yaml': 'old',
      'README.md': 'hello',
    }));
  });

  async function run(
    stepType: StepType,
    step: JsonObject,
    options: Partial<TestStepOptions> = {},
  ) {
    const { context, lines } = createTestStep(
      {
        parameters: { resource: { slug: 'postgres-db' } },
        ...options,
        config: step,
      },
      stepType.schema,
    );
    const result = (await stepType.run(context)) as StepResult;
    return { outputs: result.outputs!, lines, result };
  }

  const propose = (step: JsonObject = {}) =>
    run(createGitPrStepType(config), {
      repository,
      files: [{ path: 'databases/db.yaml', content: 'size: small\n' }],
      ...step,
    });

  const check = (outputs: JsonObject, step: JsonObject = {}) => {
    const { branch, commit, files, link } = outputs;
    return run(createGitCheckPrStepType(config), {
      repository,
      ...{ branch, commit, files, link },
      ...step,
    });
  };

  const waits = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      reason => reason as StepWait,
    );
    expect(error?.name).toBe('StepWait');
    return error!.wait;
  };

  it('push a branch with the files, and leave the others as they are', async () => {
    const { outputs, lines } = await propose({
      files: [
        { path: 'databases/db.yaml', content: 'size: small\n' },
        { path: 'databases/old.yaml' },
      ],
      message: 'Add a database',
    });
    expect(outputs).toMatchObject({
      branch: 'innominatus/postgres-db-7',
      base: 'main',
      changed: ['databases/db.yaml', 'databases/old.yaml'],
      link: `http://${server.host}/${repository.split('/').pop()!.replace('.git', '')}/compare/main...innominatus/postgres-db-7`,
    });
    expect(
      server
        .inspect(
          repository,
          'ls-tree',
          '-r',
          '--name-only',
          String(outputs.branch),
        )
        .trim()
        .split('\n'),
    ).toEqual(['README.md', 'databases/db.yaml']);
    const message = server.inspect(
      repository,
      'log',
      '-1',
      '--format=%B',
      String(outputs.branch),
    );
    expect(message).toContain('Add a database');
    expect(message).toContain('Innominatus-Run: run-1');
    expect(server.inspect(repository, 'show', 'main:databases/old.yaml')).toBe(
      'old',
    );
    expect(lines.join('\n')).not.toContain(TOKEN);
  });

  it('find the branch that an interrupted attempt pushed', async () => {
    const first = await propose();
    server.push(file, { 'README.md': 'changed meanwhile' });
    await expect(propose()).rejects.toMatchObject({ code: 'GIT_BRANCH_TAKEN' });
    server.inspect(repository, 'update-ref', 'refs/heads/main', 'main~1');
    const second = await propose();
    expect(second.outputs.commit).toBe(first.outputs.commit);
  });

  it('are nothing when the base has all of it already', async () => {
    const { outputs } = await propose({
      files: [{ path: 'README.md', content: 'hello' }],
    });
    expect(outputs).toMatchObject({ branch: '', changed: [] });
    await expect(check(outputs)).resolves.toMatchObject({
      outputs: { mergedAs: outputs.commit },
    });
  });

  it.each([
    ['a merge', {}],
    ['a squash', { squash: true }],
    ['a squash that removes the branch', { squash: true, remove: true }],
    ['a merge that removes the branch', { remove: true }],
  ])('are waited for until there is %s', async (_, how) => {
    const { outputs } = await propose();
    const wait = await waits(
      check(outputs, {
        title: 'Pull request 1',
        every: '30s',
        expiresAfter: '2d',
      }),
    );
    expect(wait).toEqual({
      message: 'Waits for Pull request 1 to be merged.',
      link: { url: outputs.link, title: 'Pull request 1' },
      lookAfterMs: 30_000,
      expiresAfterMs: 2 * 24 * 3_600_000,
    });
    server.merge(file, String(outputs.branch), how);
    const { outputs: merged } = await check(outputs);
    expect(merged.mergedAs).toBe(
      server.inspect(repository, 'rev-parse', 'main').trim(),
    );
  });

  it('stay merged when somebody changes the files again', async () => {
    const { outputs } = await propose();
    server.merge(file, String(outputs.branch), { remove: true });
    server.push(file, { 'databases/db.yaml': 'size: large\n' });
    await expect(check(outputs)).resolves.toBeDefined();
  });

  it('fail when the branch is thrown away', async () => {
    const { outputs } = await propose();
    server.push(file, { 'README.md': 'changed meanwhile' });
    await waits(check(outputs));
    server.removeBranch(repository, String(outputs.branch));
    await expect(
      check(outputs, { title: 'Pull request 1' }),
    ).rejects.toMatchObject({
      code: 'GIT_PR_REJECTED',
      message: expect.stringContaining('Pull request 1 was rejected'),
    });
  });

  it('give the outputs that the tool behind the repository commits', async () => {
    const { outputs } = await propose();
    const step = { outputsFile: 'outputs/db.json', sensitive: ['password'] };
    server.merge(file, String(outputs.branch));
    const wait = await waits(check(outputs, step));
    expect(wait.message).toBe(
      'Merged; waits for the file "outputs/db.json" on "main".',
    );
    server.push(file, {
      'outputs/db.json': '{"host":"db.example","password":"pw"}',
    });
    const { outputs: merged, result } = await check(outputs, step);
    expect(merged).toMatchObject({ host: 'db.example', password: 'pw' });
    expect(result.sensitive).toEqual(['password']);
    server.push(file, {
      'outputs/db.json': '{"host":{"$secretRef":"resource/x/password"}}',
    });
    await expect(check(outputs, step)).rejects.toMatchObject({
      code: 'GIT_OUTPUTS_INVALID',
    });
  });

  it('are waited for while the server does not answer', async () => {
    const { outputs } = await propose();
    server.answer = { status: 503, headers: {} };
    try {
      const { message } = await waits(check(outputs));
      expect(message).toContain('to be merged.');
    } finally {
      server.answer = undefined;
    }
  });

  it('never hold a secret, nor leave the repository', async () => {
    await expect(
      propose({
        files: [
          { path: 'a.yaml', content: secretToken('resource/1/password') },
        ],
      }),
    ).rejects.toMatchObject({ code: 'GIT_SECRET_EXPOSED' });
    for (const path of ['../outside.yaml', '.git/config', '/etc/passwd', '']) {
      await expect(
        propose({ files: [{ path, content: 'x' }] }),
      ).rejects.toMatchObject(path === '' ? {} : { code: 'GIT_PATH_REFUSED' });
    }
    const outside = mkdtempSync('/tmp/outside-');
    server.pushLink(file, 'link', outside);
    await expect(
      propose({ files: [{ path: 'link/x.yaml', content: 'x' }] }),
    ).rejects.toMatchObject({ code: 'GIT_PATH_TAKEN' });
    await expect(propose({ branch: 'main' })).rejects.toMatchObject({
      code: 'GIT_BRANCH_REFUSED',
    });
  });
});
