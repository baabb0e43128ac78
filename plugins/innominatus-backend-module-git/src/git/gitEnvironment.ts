import { GitConfig } from '../readGitConfig';

/** How to reach the outside is a matter of the machine, not of a user. */
const NETWORK_VARIABLES = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'GIT_SSL_CAINFO',
];

/**
 * The whole environment of Git: no settings of the machine or of a user, no
 * prompts, no hooks, no programs named by a repository, only the transports
 * that are allowed. Credentials go here and not into arguments, which other
 * users of the machine can see.
 */
export function gitEnvironment(options: {
  home: string;
  url: URL;
  config: GitConfig;
  author: { name: string; email: string };
}): Record<string, string> {
  const { home, url, config, author } = options;
  const settings: Array<[string, string]> = [
    ['core.hooksPath', '/dev/null'],
    ['core.symlinks', 'false'],
    ['core.autocrlf', 'false'],
    ['core.fsmonitor', 'false'],
    ['core.quotePath', 'false'],
    ['core.askPass', ''],
    ['credential.helper', ''],
    ['commit.gpgSign', 'false'],
    ['gc.auto', '0'],
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', '60'],
    ['submodule.recurse', 'false'],
  ];
  const authorization = authorizationFor(url, config);
  if (authorization !== undefined) {
    settings.push([
      `http.${url.protocol}//${url.host}/.extraHeader`,
      `Authorization: ${authorization}`,
    ]);
  }
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ALLOW_PROTOCOL: config.allowFile ? 'http:https:file' : 'http:https',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: config.author.name,
    GIT_COMMITTER_EMAIL: config.author.email,
    GIT_CONFIG_COUNT: String(settings.length),
  };
  settings.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  for (const name of NETWORK_VARIABLES) {
    const value = process.env[name];
    if (value !== undefined) {
      environment[name] = value;
    }
  }
  return environment;
}

/** The credentials for the host of a URL, as the value of the header. */
export function authorizationFor(
  url: URL,
  config: GitConfig,
): string | undefined {
  const found = config.credentials.find(
    ({ host }) => host === url.host.toLowerCase(),
  );
  return (
    found &&
    `Basic ${Buffer.from(`${found.username}:${found.token}`).toString('base64')}`
  );
}
