import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * Settings of the module.
 *
 * @public
 */
export interface GitConfig {
  credentials: GitCredential[];
  allowedHosts?: string[];
  allowFile: boolean;
  author: { name: string; email: string };
}

/** @public */
export interface GitCredential {
  host: string;
  username: string;
  token: string;
}

const ROOT = 'innominatus.stepTypes.git';

/** Reads the settings; a mistake stops the backend before a step meets it. */
export function readGitConfig(root: Config): GitConfig {
  const config = root.getOptionalConfig(ROOT);
  const credentials = (config?.getOptionalConfigArray('credentials') ?? []).map(
    item => ({
      host: readHost(item.getString('host'), `${ROOT}.credentials`),
      username: item.getOptionalString('username') ?? 'git',
      token: item.getString('token'),
    }),
  );
  return {
    credentials,
    allowedHosts: config
      ?.getOptionalStringArray('allowedHosts')
      ?.map(host => readHost(host, `${ROOT}.allowedHosts`)),
    allowFile: config?.getOptionalBoolean('allowFile') ?? false,
    author: {
      name: config?.getOptionalString('author.name') ?? 'innominatus',
      email:
        config?.getOptionalString('author.email') ?? 'innominatus@localhost',
    },
  };
}

function readHost(host: string, place: string): string {
  if (!/^[a-z0-9.-]+(:\d+)?$|^\[[0-9a-f:]+\](:\d+)?$/i.test(host)) {
    throw new InputError(
      `"${host}" in "${place}" is not a host. Write it as in the URL of a repository, without "https://", for example "git.example.com".`,
    );
  }
  return host.toLowerCase();
}
