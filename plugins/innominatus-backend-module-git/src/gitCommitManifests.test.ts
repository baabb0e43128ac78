import { readdirSync, rmSync } from 'node:fs';
import {
  JsonObject,
  KubernetesObject,
  secretToken,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { createGitCommitManifestsStepType } from './createGitCommitManifestsStepType';
import { GitConfig } from './readGitConfig';
import { GitServer } from './__testUtils__/GitServer';
import { createTestStep, TestStepOptions } from './__testUtils__/stepContext';

jest.setTimeout(60_000);

const TOKEN = 'token-nobody-may-see';

const object = (
  kind: string,
  name: string,
  data: Record<string, string> = {},
): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  data,
});

describe('step type git-commit-manifests', () => {
  let server: GitServer;
  let gitConfig: GitConfig;

  beforeAll(async () => {
    server = await GitServer.start(`bot:${TOKEN}`);
    gitConfig = {
      credentials: [{ host: server.host, username: 'bot', token: TOKEN }],
      allowFile: true,
      author: { name: 'innominatus', email: 'innominatus@example.com' },
    };
  });
  afterAll(async () => {
    await server.stop();
  });

  async function run(
    repository: string,
    manifests: KubernetesObject[],
    options: {
      config?: JsonObject;
      step?: Partial<TestStepOptions>;
      git?: Partial<GitConfig>;
    } = {},
  ) {
    const stepType = createGitCommitManifestsStepType({
      ...gitConfig,
      ...options.git,
    });
    const { context, lines, redacted, workspace } = createTestStep({
      application: { environment: 'production', name: 'shop' },
      environment: {
        name: 'production',
        type: 'production',
        repository,
        branch: 'main',
        path: 'apps',
      },
      artifacts: { manifests: toYaml(manifests) },
      ...options.step,
      config: options.config ?? {},
    });
    try {
      const result = await stepType.run(context);
      return { outputs: result?.outputs ?? {}, lines, redacted };
    } finally {
      expect(readdirSync(await workspace)).toEqual([]);
      rmSync(await workspace, { recursive: true });
    }
  }

  const failure = (...args: Parameters<typeof run>) =>
    run(...args).then(
      () => {
        throw new Error('The step should have failed.');
      },
      error => error as Error & { code: string; transient: boolean },
    );

  const files = (url: string) =>
    server
      .inspect(url, 'ls-tree', '-r', '--name-only', 'main')
      .trim()
      .split('\n');
  const commits = (url: string) =>
    Number(server.inspect(url, 'rev-list', '--count', 'main'));

  describe.each(['http', 'file'] as const)('over %s', transport => {
    it('keeps the files of what other applications need', async () => {
      const repository = server.create({ 'README.md': 'hello' })[transport];
      const claim = object('ConfigMap', 'shared');
      await run(repository, [object('ConfigMap', 'a'), claim]);
      const before = server.inspect(
        repository,
        'show',
        'main:apps/shop/configmap-shared.yaml',
      );
      const remove = (kept: KubernetesObject[]) =>
        run(repository, [], {
          config: { operation: 'delete' },
          step: { artifacts: { 'manifests.kept': toYaml(kept) } },
        });
      await remove([claim]);
      expect(files(repository).sort()).toEqual([
        'README.md',
        'apps/shop/.innominatus.json',
        'apps/shop/configmap-shared.yaml',
      ]);
      expect(
        server.inspect(
          repository,
          'show',
          'main:apps/shop/configmap-shared.yaml',
        ),
      ).toBe(before);
      // Nothing is kept that is not there.
      await remove([object('ConfigMap', 'other')]);
      expect(files(repository)).toEqual(['README.md']);
    });

    it('keeps what is no longer delivered when it is told to', async () => {
      const repository = server.create({ 'README.md': 'hello' })[transport];
      await run(repository, [
        object('ConfigMap', 'a'),
        object('ConfigMap', 'b'),
      ]);
      await run(repository, [object('ConfigMap', 'c')], {
        config: { prune: false },
      });
      const kept = ['a', 'b', 'c'].map(
        name => `apps/shop/configmap-${name}.yaml`,
      );
      expect(files(repository)).toEqual(expect.arrayContaining(kept));
      // They still are ours: the next run may take them away.
      await run(repository, [object('ConfigMap', 'c')]);
      expect(files(repository)).not.toContain(kept[0]);
      expect(files(repository)).toContain(kept[2]);
    });

    it('writes one file for each object, then has nothing to do', async () => {
      const repository = server.create({ 'README.md': 'hello' })[transport];
      const manifests = [
        object('ConfigMap', 'shop', { a: 'yes' }),
        object('Service', 'shop'),
      ];
      const { outputs, lines } = await run(repository, manifests);
      expect(outputs).toEqual({
        commit: server.inspect(repository, 'rev-parse', 'main').trim(),
        repository,
        branch: 'main',
        path: 'apps/shop',
        changed: [
          'apps/shop/.innominatus.json',
          'apps/shop/configmap-shop.yaml',
          'apps/shop/service-shop.yaml',
        ],
      });
      expect(files(repository)).toEqual([
        'README.md',
        ...(outputs.changed as string[]),
      ]);
      expect(
        server.inspect(
          repository,
          'show',
          'main:apps/shop/configmap-shop.yaml',
        ),
      ).toBe(toYaml([manifests[0]]));
      expect(
        server
          .inspect(repository, 'log', '-1', '--format=%an <%ae>%n%B', 'main')
          .trim(),
      ).toBe(
        [
          'innominatus <innominatus@example.com>',
          'Deploy shop to production',
          '',
          'Innominatus-Run: run-1',
          'Innominatus-Run-Number: 7',
          'Innominatus-Step: commit',
          'Innominatus-Initiator: user:default/guest',
        ].join('\n'),
      );
      expect(lines[0]).toMatch(
        transport === 'http' ? /without encryption/ : /^Pushed commit/,
      );

      const again = await run(repository, manifests);
      expect(again.outputs).toEqual({ ...outputs, changed: [] });
      expect(again.lines.join()).toContain('Nothing to commit');
      expect(commits(repository)).toBe(2);
    });

    it('starts an empty repository', async () => {
      const repository = server.create()[transport];
      await run(repository, [object('ConfigMap', 'shop')]);
      expect(files(repository)).toEqual([
        'apps/shop/.innominatus.json',
        'apps/shop/configmap-shop.yaml',
      ]);
    });
  });

  it("removes its files that are no longer there, and nobody else's", async () => {
    const { file } = server.create({ 'README.md': 'hello' });
    await run(file, [object('ConfigMap', 'one'), object('ConfigMap', 'two')], {
      config: { path: '' },
    });
    const { outputs } = await run(file, [object('ConfigMap', 'two')], {
      config: { path: '' },
    });
    expect(outputs.changed).toEqual([
      '.innominatus.json',
      'configmap-one.yaml',
    ]);
    expect(files(file)).toEqual([
      '.innominatus.json',
      'README.md',
      'configmap-two.yaml',
    ]);
    const removed = await run(file, [], {
      config: { path: '', operation: 'delete' },
    });
    expect(removed.outputs.changed).toEqual([
      '.innominatus.json',
      'configmap-two.yaml',
    ]);
    expect(files(file)).toEqual(['README.md']);
    const again = await run(file, [], {
      config: { path: '', operation: 'delete' },
    });
    expect(again.outputs.changed).toEqual([]);
  });

  it('starts from the commit of somebody who pushed at the same moment', async () => {
    const { http, file } = server.create({ 'README.md': 'hello' });
    server.beforePush = () => server.push(file, { 'OTHER.md': 'theirs' });
    const { lines } = await run(http, [object('ConfigMap', 'shop')]);
    expect(lines.join('\n')).toContain('Somebody else pushed to "main"');
    expect(files(file)).toEqual(
      expect.arrayContaining([
        'OTHER.md',
        'README.md',
        'apps/shop/configmap-shop.yaml',
      ]),
    );
    expect(commits(file)).toBe(3);
  });

  it('lets several applications commit at the same time', async () => {
    const { http, file } = server.create({ 'README.md': 'hello' });
    const names = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      names.map(name =>
        run(http, [object('ConfigMap', name)], {
          step: { application: { environment: 'production', name } },
        }),
      ),
    );
    expect(files(file)).toEqual([
      'README.md',
      ...names.flatMap(name => [
        `apps/${name}/.innominatus.json`,
        `apps/${name}/configmap-${name}.yaml`,
      ]),
    ]);
    expect(commits(file)).toBe(1 + names.length);
  });

  it('leaves Secrets out and names them', async () => {
    const { file } = server.create({ 'README.md': 'hello' });
    const secret = {
      ...object('Secret', 'shop-secrets'),
      stringData: { pw: secretToken('resource/1/pw') },
    };
    const { lines, outputs } = await run(file, [
      secret,
      object('ConfigMap', 'shop'),
    ]);
    expect(lines[0]).toContain('Left out Secret "shop-secrets"');
    expect(outputs.changed).toEqual([
      'apps/shop/.innominatus.json',
      'apps/shop/configmap-shop.yaml',
    ]);
    expect(
      await failure(file, [
        object('ConfigMap', 'x', { pw: secretToken('resource/1/pw') }),
      ]),
    ).toMatchObject({
      code: 'GIT_SECRET_EXPOSED',
    });
  });

  it('keeps the token out of everything that can be seen', async () => {
    const { http } = server.create({ 'README.md': 'hello' });
    const { outputs, lines, redacted } = await run(http, [
      object('ConfigMap', 'shop'),
    ]);
    const basic = Buffer.from(`bot:${TOKEN}`).toString('base64');
    expect(redacted).toEqual([basic, TOKEN]);
    const error = await failure(http, [], {
      git: {
        credentials: [
          { host: server.host, username: 'bot', token: 'wrong-token' },
        ],
      },
    });
    expect(error).toMatchObject({
      code: 'GIT_UNAUTHENTICATED',
      transient: false,
    });
    const seen = JSON.stringify([
      outputs,
      lines,
      error.message,
      server.inspect(http, 'log', '-p', 'main'),
    ]);
    for (const secret of [TOKEN, basic, 'wrong-token']) {
      expect(seen).not.toContain(secret);
    }
  });

  it('does not touch files that a person has put there', async () => {
    const { file } = server.create({ 'configmap-shop.yaml': 'mine' });
    const error = await failure(file, [object('ConfigMap', 'shop')], {
      config: { path: '' },
    });
    expect(error).toMatchObject({
      code: 'GIT_PATH_TAKEN',
      message: expect.stringContaining(
        '"configmap-shop.yaml" in "the root" was not written by innominatus',
      ),
    });
  });

  it('does not take the folder of another application', async () => {
    const { file } = server.create({ 'README.md': 'hello' });
    await run(file, [object('ConfigMap', 'shop')], { config: { path: 'x' } });
    const error = await failure(file, [object('ConfigMap', 'shop')], {
      config: { path: 'x' },
      step: { application: { environment: 'production', name: 'other' } },
    });
    expect(error).toMatchObject({
      code: 'GIT_PATH_TAKEN',
      message: expect.stringContaining('belongs to "production/shop"'),
    });
  });

  it('does not follow a link out of the repository', async () => {
    const { file } = server.create({ 'README.md': 'hello' });
    server.pushLink(file, 'apps', '/tmp');
    const error = await failure(file, [object('ConfigMap', 'shop')]);
    expect(error).toMatchObject({
      code: 'GIT_PATH_TAKEN',
      message: expect.stringContaining(
        '"apps/shop" is not a folder in this repository',
      ),
    });
  });

  it('passes on why a server refuses the commit', async () => {
    const { http } = server.create({ 'README.md': 'hello' });
    server.hook(
      http,
      'pre-receive',
      '#!/bin/sh\necho "main is protected" >&2\nexit 1\n',
    );
    const error = await failure(http, [object('ConfigMap', 'shop')]);
    expect(error).toMatchObject({
      code: 'GIT_PUSH_REJECTED',
      transient: false,
    });
    expect(error.message).toContain('main is protected');
  });

  it.each([
    ['a branch that is not there', { branch: 'nope' }, 'GIT_BRANCH_MISSING'],
    [
      'a branch that is an option',
      { branch: '--upload-pack=x' },
      'GIT_BRANCH_REFUSED',
    ],
    ['a path out of the repository', { path: '../x' }, 'GIT_PATH_REFUSED'],
    [
      "a path into Git's own folder",
      { path: 'a/.GIT/hooks' },
      'GIT_PATH_REFUSED',
    ],
    [
      'an artifact that is not there',
      { artifact: 'nope' },
      'GIT_MANIFESTS_MISSING',
    ],
  ])('refuses %s', async (_case, config, code) => {
    const { file } = server.create({ 'README.md': 'hello' });
    expect(
      await failure(file, [object('ConfigMap', 'shop')], { config }),
    ).toMatchObject({ code });
  });

  it('tells a missing repository from a server that does not answer', async () => {
    expect(await failure(`http://${server.host}/nope.git`, [])).toMatchObject({
      code: 'GIT_REPOSITORY_MISSING',
      transient: false,
    });
    expect(await failure('http://127.0.0.1:1/a.git', [])).toMatchObject({
      code: 'GIT_UNREACHABLE',
      transient: true,
    });
  });

  it('does not follow redirects, which could lead anywhere', async () => {
    server.answer = {
      status: 302,
      headers: { location: 'http://169.254.169.254/x' },
    };
    try {
      expect(await failure(`http://${server.host}/a.git`, [])).toMatchObject({
        code: 'GIT_REDIRECTED',
      });
    } finally {
      server.answer = undefined;
    }
  });

  it('ends when the run is cancelled', async () => {
    const { http } = server.create({ 'README.md': 'hello' });
    const controller = new AbortController();
    server.beforePush = () => controller.abort();
    const error = await failure(http, [object('ConfigMap', 'shop')], {
      step: { signal: controller.signal },
    });
    expect(error.name).toBe('AbortError');
  });
});
