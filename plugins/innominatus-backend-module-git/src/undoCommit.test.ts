import { rmSync } from 'node:fs';
import {
  JsonObject,
  KubernetesObject,
  UndoneStep,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { createGitCommitManifestsStepType } from './createGitCommitManifestsStepType';
import { GitServer } from './__testUtils__/GitServer';
import { createTestStep } from './__testUtils__/stepContext';

jest.setTimeout(60_000);

const object = (name: string, value = '1'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
});

describe.each(['http', 'file'] as const)('undo of a commit over %s', over => {
  let server: GitServer;
  let repository: string;
  /** For commits of others, which block the process that serves http. */
  let place: string;

  beforeAll(async () => {
    server = await GitServer.start('bot:token');
  });
  afterAll(async () => {
    await server.stop();
  });
  beforeEach(() => {
    const made = server.create({ 'README.md': 'hello' });
    repository = made[over];
    place = made.file;
  });

  const stepType = () =>
    createGitCommitManifestsStepType({
      credentials: [{ host: server.host, username: 'bot', token: 'token' }],
      allowFile: true,
      author: { name: 'innominatus', email: 'innominatus@example.com' },
    });

  function step(
    runId: string,
    manifests: KubernetesObject[],
    config: JsonObject = {},
  ) {
    const made = createTestStep({
      application: { environment: 'production', name: 'shop' },
      environment: {
        name: 'production',
        type: 'production',
        repository,
        path: 'apps',
      },
      artifacts: { manifests: toYaml(manifests) },
      config,
    });
    const { context } = made;
    return {
      ...made,
      context: { ...context, run: { ...context.run, id: runId } },
    };
  }

  async function commit(
    runId: string,
    manifests: KubernetesObject[],
    config: JsonObject = {},
  ) {
    const { context, workspace } = step(runId, manifests, config);
    const result = await stepType().run(context);
    rmSync(await workspace, { recursive: true });
    return result?.outputs ?? {};
  }

  async function undo(
    runId: string,
    outputs: UndoneStep['outputs'] = {},
    status: UndoneStep['status'] = 'succeeded',
  ) {
    const { context, lines, workspace } = step(`undo-of-${runId}`, []);
    const undone = { run: { id: runId, number: 7 }, status, keys: [], outputs };
    try {
      await stepType().undo!({ ...context, undone });
      return lines.join('\n');
    } finally {
      rmSync(await workspace, { recursive: true });
    }
  }

  /** What the preview says; the workspace of a look goes away by itself. */
  async function warnings(runId: string, outputs: UndoneStep['outputs'] = {}) {
    const { context, workspace } = step(`undo-of-${runId}`, []);
    const undone = {
      run: { id: runId, number: 7 },
      status: 'succeeded' as const,
      keys: [],
      outputs,
    };
    try {
      return await stepType().undoWarnings!({ ...context, undone });
    } finally {
      rmSync(await workspace, { recursive: true });
    }
  }

  const files = () =>
    server
      .inspect(repository, 'ls-tree', '-r', '--name-only', 'main')
      .trim()
      .split('\n');
  const tree = () => server.inspect(repository, 'rev-parse', 'main^{tree}');
  const commits = () =>
    Number(server.inspect(repository, 'rev-list', '--count', 'main'));

  it('puts back what was changed, added and removed, once', async () => {
    await commit('first', [object('a'), object('b')]);
    const before = tree();
    const outputs = await commit('second', [object('a', '2'), object('c')]);
    expect(tree()).not.toBe(before);
    expect(await undo('second', outputs)).toContain('which takes back');
    expect(tree()).toBe(before);
    const message = server.inspect(repository, 'log', '-1', '--format=%B');
    expect(message).toContain('Take back what run 7 committed');
    expect(message).toContain('Innominatus-Undoes: second/commit');
    const count = commits();
    expect(await warnings('second', outputs)).toEqual([]);
    expect(await undo('second', outputs)).toContain('taken back already');
    expect(commits()).toBe(count);
  });

  it('takes everything away that a first deployment committed, and nothing else', async () => {
    await commit('first', [object('a')]);
    server.push(place, { 'apps/other/file.yaml': 'theirs' });
    // The step was interrupted after its push: it has no outputs.
    await undo('first', {}, 'failed');
    expect(files()).toEqual(['README.md', 'apps/other/file.yaml']);
  });

  it('brings back what a deletion has removed', async () => {
    await commit('first', [object('a')]);
    const before = tree();
    const outputs = await commit('second', [], { operation: 'delete' });
    expect(files()).toEqual(['README.md']);
    await undo('second', outputs);
    expect(tree()).toBe(before);
  });

  it('refuses when somebody changed a file since, and says which', async () => {
    await commit('first', [object('a')]);
    const outputs = await commit('second', [object('a', '2'), object('b')]);
    const path = 'apps/shop/configmap-a.yaml';
    server.push(place, { [path]: 'edited: by hand' });
    const after = tree();
    expect(await warnings('second', outputs)).toEqual([
      expect.stringContaining(`Somebody changed "${path}"`),
    ]);
    await expect(undo('second', outputs)).rejects.toMatchObject({
      code: 'GIT_CHANGED_SINCE',
      message: expect.stringContaining(`"${path}"`),
    });
    expect(tree()).toBe(after);
  });

  it('leaves it when somebody has put the files back by hand', async () => {
    await commit('first', [object('a')]);
    const path = 'apps/shop/configmap-a.yaml';
    const text = server.inspect(repository, 'show', `main:${path}`);
    const outputs = await commit('second', [object('a', '2')]);
    server.push(place, { [path]: text });
    const count = commits();
    expect(await undo('second', outputs)).toContain('as they were before');
    expect(commits()).toBe(count);
  });

  it('does nothing for a step that committed nothing, and says when a commit is missing', async () => {
    await commit('first', [object('a')]);
    const outputs = await commit('second', [object('a')]);
    expect(await undo('second', outputs)).toContain('committed nothing');
    await expect(
      undo('third', { changed: ['apps/shop/configmap-a.yaml'] }),
    ).rejects.toMatchObject({ code: 'GIT_COMMIT_MISSING' });
  });

  it('says that a commit does not tell its step, as those of older releases', async () => {
    await commit('first', [object('a')]);
    server.push(
      place,
      { 'apps/shop/configmap-a.yaml': 'older: yes' },
      'Deploy shop\n\nInnominatus-Run: old\nInnominatus-Run-Number: 7\n',
    );
    const outputs = { changed: ['apps/shop/configmap-a.yaml'] };
    const after = tree();
    const said =
      /^Commit [0-9a-f]{10} on branch "main" of .* is of run 7, but does not say of which step: .*"git revert [0-9a-f]{10}"/;
    await expect(undo('old', outputs)).rejects.toMatchObject({
      code: 'GIT_COMMIT_NAMELESS',
      message: expect.stringMatching(said),
    });
    await expect(undo('old', {}, 'failed')).rejects.toMatchObject({
      code: 'GIT_COMMIT_NAMELESS',
    });
    expect(await warnings('old', outputs)).toEqual([
      expect.stringMatching(said),
    ]);
    expect(tree()).toBe(after);
  });

  it('follows pushes of others that come first', async () => {
    await commit('first', [object('a')]);
    const outputs = await commit('second', [object('a', '2')]);
    const before = commits();
    await Promise.all([
      undo('second', outputs),
      commit('other', [object('x')], { path: 'elsewhere' }),
    ]);
    expect(commits()).toBe(before + 2);
    expect(
      server.inspect(repository, 'show', 'main:apps/shop/configmap-a.yaml'),
    ).toContain('value: "1"');
  });
});
