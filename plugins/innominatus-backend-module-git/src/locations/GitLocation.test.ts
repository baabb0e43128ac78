import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { GitServer } from '../__testUtils__/GitServer';
import { GitConfig } from '../readGitConfig';
import { createGitLocationType } from './createGitLocationType';

jest.setTimeout(60_000);

const CREDENTIALS = { username: 'bot', token: 'a-token-of-git' };

describe('locations of type git', () => {
  let server: GitServer;
  let cacheDirectory: string;
  let config: GitConfig;

  beforeAll(async () => {
    server = await GitServer.start(
      `${CREDENTIALS.username}:${CREDENTIALS.token}`,
    );
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    server.answer = undefined;
    cacheDirectory = mkdtempSync(join(tmpdir(), 'git-locations-'));
    config = {
      credentials: [{ host: server.host, ...CREDENTIALS }],
      allowFile: true,
      author: { name: 'innominatus', email: 'innominatus@localhost' },
    };
  });
  afterEach(() => rmSync(cacheDirectory, { recursive: true, force: true }));

  const locate = (entry: JsonObject) =>
    createGitLocationType({ config, cacheDirectory }).create({
      config: new ConfigReader({ type: 'git', ...entry }),
      place: 'innominatus.locations[0]',
      logger: mockServices.logger.mock(),
    });

  const head = (url: string, ref = 'main') =>
    server.inspect(url, 'rev-parse', `${ref}^{commit}`).trim();

  it.each(['http', 'file'] as const)(
    'are read over %s, and again only after a push',
    async way => {
      const created = server.create({ 'a.yaml': 'a: 1', 'README.md': 'x' });
      const url = created[way];
      const location = locate({ target: url, branch: 'main' });
      await expect(location.read()).resolves.toEqual([
        { name: `${url}/a.yaml`, text: 'a: 1' },
      ]);
      expect(location.revision?.()).toBe(head(url));
      await expect(location.read()).resolves.toBeUndefined();
      server.push(created.file, { 'a.yaml': 'a: ä2', 'b.yml': 'b: 1' });
      await expect(location.read()).resolves.toEqual([
        { name: `${url}/a.yaml`, text: 'a: ä2' },
        { name: `${url}/b.yml`, text: 'b: 1' },
      ]);
      expect(location.revision?.()).toBe(head(url));
    },
  );

  it('stay at a tag or a commit, and follow a tag that moves', async () => {
    const { http: url, file } = server.create({ 'a.yaml': 'a: 1' });
    const first = head(url);
    server.inspect(url, 'tag', '-a', 'v1.0.0', '-m', 'first');
    server.push(file, { 'a.yaml': 'a: 2' });
    server.push(file, { 'a.yaml': 'a: 3' });
    const commit = locate({ target: url, commit: first });
    const tag = locate({ target: url, tag: 'v1.0.0' });
    const newest = locate({ target: url });
    const text = async (location: ReturnType<typeof locate>) =>
      (await location.read())?.map(({ text: content }) => content);
    await expect(text(commit)).resolves.toEqual(['a: 1']);
    await expect(text(tag)).resolves.toEqual(['a: 1']);
    expect(tag.revision?.()).toBe(first);
    await expect(text(newest)).resolves.toEqual(['a: 3']);
    await expect(text(commit)).resolves.toBeUndefined();
    server.inspect(url, 'tag', '-f', 'v1.0.0', 'main~1');
    await expect(text(tag)).resolves.toEqual(['a: 2']);
  });

  it('answer the files of another branch and change nothing', async () => {
    const { http: url, file } = server.create({ 'a.yaml': 'a: 1' });
    const location = locate({ target: url, branch: 'main' });
    await location.read();
    server.inspect(url, 'branch', 'feature/x', 'main');
    const commit = server
      .inspect(url, 'commit-tree', '-m', 'x', `${head(url)}^{tree}`)
      .trim();
    server.inspect(url, 'update-ref', 'refs/heads/feature/x', commit);
    server.push(file, { 'a.yaml': 'a: 2' });
    await expect(location.readRef?.('feature/x')).resolves.toEqual([
      { name: `${url}/a.yaml`, text: 'a: 1' },
    ]);
    expect(location.revision?.()).not.toBe(commit);
    await expect(location.readRef?.(commit)).resolves.toHaveLength(1);
    await expect(location.readRef?.('gone')).rejects.toThrow(
      'has no branch or tag "gone"',
    );
    for (const bad of ['--upload-pack=touch x', 'a..b', '-u', 'a b', '']) {
      await expect(location.readRef?.(bad)).rejects.toThrow(
        'is no branch, tag or commit',
      );
    }
  });

  it('are read from the copy while the server is down, also by a new process', async () => {
    const { http: url } = server.create({ 'a.yaml': 'a: 1' });
    await locate({ target: url }).read();
    server.answer = { status: 503, headers: {} };
    const location = locate({ target: url });
    await expect(location.read()).rejects.toThrow('cannot be reached');
    await expect(location.readCached?.()).resolves.toEqual([
      { name: `${url}/a.yaml`, text: 'a: 1' },
    ]);
    expect(location.revision?.()).toBe(head(url));
    await expect(
      locate({ target: url, path: 'other' }).readCached?.(),
    ).resolves.toBeUndefined();
  });

  it('mend a copy that is damaged', async () => {
    const { http: url } = server.create({ 'a.yaml': 'a: 1' });
    await locate({ target: url }).read();
    const [mirror] = readdirSync(cacheDirectory);
    const objects = join(cacheDirectory, mirror, 'objects');
    rmSync(objects, { recursive: true });
    writeFileSync(join(cacheDirectory, mirror, 'HEAD'), 'nonsense');
    await expect(locate({ target: url }).read()).resolves.toHaveLength(1);
  });

  it('share a copy and take turns', async () => {
    const { http: url } = server.create({ 'a.yaml': 'a: 1' });
    const all = await Promise.all(
      Array.from({ length: 6 }, () => locate({ target: url }).read()),
    );
    expect(all.map(files => files?.length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(readdirSync(cacheDirectory)).toHaveLength(1);
  });

  it('never follow a link of the repository', async () => {
    const { http: url, file } = server.create({ 'a.yaml': 'a: 1' });
    server.pushLink(file, 'passwd.yaml', '/etc/passwd');
    const files = await locate({ target: url }).read();
    expect(files?.map(({ text }) => text)).toEqual(['a: 1']);
  });

  it('never put credentials into messages or names', async () => {
    const { http: url } = server.create({ 'a.yaml': 'a: 1' });
    config.credentials[0].token = 'a-wrong-token';
    const error: Error = await locate({ target: url })
      .read()
      .then(
        () => new Error('It was read'),
        reason => reason,
      );
    expect(error.message).toContain('does not accept the credentials');
    expect(error.message).not.toContain('a-wrong-token');
  });

  it.each([
    [{ target: 'https://me:pw@git.example/a.git' }, 'holds credentials'],
    [{ target: 'ext::sh -c true' }, 'innominatus.locations[0].target'],
    [{ target: 'https://g.example/a', branch: 'a', tag: 'b' }, 'Expected one'],
    [{ target: 'https://g.example/a', commit: 'abc' }, 'full id of a commit'],
    [{ target: 'https://g.example/a', branch: '--x' }, 'name of a branch'],
    [{ target: 'https://g.example/a', path: '../b' }, 'inside of the'],
  ])('are refused when the entry is %j', (entry, message) => {
    expect(() => locate(entry)).toThrow(message);
  });

  it('know their repository by any of its addresses', () => {
    const location = locate({ target: 'https://Git.example/team/repo.git' });
    for (const address of [
      'https://git.example/team/repo',
      'git@git.example:team/repo.git',
      'ssh://git@git.example:2222/team/repo.git',
    ]) {
      expect(location.isAt?.([address])).toBe(true);
    }
    for (const address of ['https://git.example/team/repo2', 'nonsense', '']) {
      expect(location.isAt?.([address])).toBe(false);
    }
  });
});
