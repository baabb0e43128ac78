import { ConfigReader } from '@backstage/config';
import { readFolderPath } from '../manifests/ManifestFolder';
import { GitConfig, readGitConfig } from '../readGitConfig';
import { gitEnvironment } from './gitEnvironment';
import { readRepositoryUrl } from './readRepositoryUrl';

const config: GitConfig = {
  credentials: [{ host: 'git.example.com', username: 'bot', token: 't' }],
  allowFile: false,
  author: { name: 'a', email: 'a@b' },
};

describe('readRepositoryUrl', () => {
  it.each(['https://git.example.com/a/b.git', 'http://localhost:3000/a.git'])(
    'takes %s',
    text => {
      expect(readRepositoryUrl(text, config).href).toBe(text);
    },
  );

  it.each([
    'ext::sh -c touch% /tmp/x',
    '--upload-pack=touch /tmp/x',
    '-u',
    'git@github.com:a/b.git',
    'ssh://git@host/a.git',
    'file:///srv/a.git',
    '/srv/a.git',
    'https://user:pw@host/a.git',
    'https://host/a.git?x=1',
    'https://host/a.git#x',
    'https://host/a b.git',
    'https://host/a\n.git',
    'http://169.254.169.254/latest',
    'http://[::ffff:169.254.169.254]/x',
    'http://2852039166/x',
    'http://metadata.google.internal/x',
  ])('refuses %j', text => {
    expect(() => readRepositoryUrl(text, config)).toThrow(
      expect.objectContaining({ code: 'GIT_REPOSITORY_REFUSED' }),
    );
  });

  it('does not repeat credentials', () => {
    expect(() => readRepositoryUrl('https://u:topsecret@h/a', config)).toThrow(
      /^(?!.*topsecret)/,
    );
  });

  it('takes only the hosts of the list, and local ones only when allowed', () => {
    const strict = { ...config, allowedHosts: ['git.example.com'] };
    expect(readRepositoryUrl('https://GIT.example.com/a', strict).host).toBe(
      'git.example.com',
    );
    expect(() =>
      readRepositoryUrl('https://git.example.com:8443/a', strict),
    ).toThrow('allowedHosts');
    expect(
      readRepositoryUrl('file:///srv/a.git', { ...config, allowFile: true })
        .pathname,
    ).toBe('/srv/a.git');
  });
});

describe('gitEnvironment', () => {
  const environment = (url: string) =>
    gitEnvironment({
      home: '/h',
      url: new URL(url),
      config,
      author: config.author,
    });

  it('hands credentials to their own host only', () => {
    const header = `Authorization: Basic ${Buffer.from('bot:t').toString('base64')}`;
    expect(Object.values(environment('https://git.example.com/a'))).toContain(
      header,
    );
    expect(
      Object.values(environment('https://git.example.com:8443/a')),
    ).not.toContain(header);
    expect(
      Object.values(environment('https://other.example.com/a')),
    ).not.toContain(header);
  });

  it('takes nothing over from the backend but how to reach the outside', () => {
    process.env.INNOMINATUS_CANARY = 'secret';
    const names = Object.keys(environment('https://h/a'));
    delete process.env.INNOMINATUS_CANARY;
    expect(
      names.filter(
        name =>
          !/^(GIT_|PATH|HOME|XDG_|LC_ALL|https?_proxy|no_proxy)/i.test(name),
      ),
    ).toEqual([]);
    expect(environment('https://h/a')).toMatchObject({
      HOME: '/h',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ALLOW_PROTOCOL: 'http:https',
    });
  });
});

describe('readFolderPath', () => {
  it.each([
    ['', ''],
    ['apps/production/', 'apps/production'],
    ['./a//b', 'a/b'],
  ])('brings %j to %j', (path, result) => {
    expect(readFolderPath(path)).toBe(result);
  });

  it.each([
    '/etc',
    '../a',
    'a/../b',
    '.git',
    'a/.gitmodules',
    'a\\b',
    '-a',
    'a\n',
    ':(top)a',
  ])('refuses %j', path => {
    expect(() => readFolderPath(path)).toThrow(
      expect.objectContaining({ code: 'GIT_PATH_REFUSED' }),
    );
  });
});

describe('readGitConfig', () => {
  const read = (git: object) =>
    readGitConfig(new ConfigReader({ innominatus: { stepTypes: { git } } }));

  it('has defaults', () => {
    expect(readGitConfig(new ConfigReader({}))).toEqual({
      credentials: [],
      allowedHosts: undefined,
      allowFile: false,
      author: { name: 'innominatus', email: 'innominatus@localhost' },
    });
  });

  it('reads credentials and refuses what is not a host', () => {
    expect(
      read({ credentials: [{ host: 'Git.Example.com', token: 't' }] })
        .credentials,
    ).toEqual([{ host: 'git.example.com', username: 'git', token: 't' }]);
    expect(() =>
      read({ credentials: [{ host: 'https://h', token: 't' }] }),
    ).toThrow('is not a host');
  });
});
