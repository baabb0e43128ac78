import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { DefinitionLocationType } from '@innominatus/backstage-plugin-innominatus-node';
import { readRepositoryUrl } from '../git/readRepositoryUrl';
import { GitConfig } from '../readGitConfig';
import { GitLocation } from './GitLocation';
import { GitRef, isCommitId, isRefName } from './gitRef';

const DEFAULT_REFRESH_MS = 5 * 60_000;
const KEYS = ['branch', 'tag', 'commit'] as const;

/** The type `git` of `innominatus.locations`. */
export function createGitLocationType(options: {
  config: GitConfig;
  cacheDirectory: string;
}): DefinitionLocationType {
  return {
    type: 'git',
    create: ({ config: entry, place }) =>
      GitLocation.create({
        url: readUrl(entry, place, options.config),
        ref: readRef(entry, place),
        path: readPath(entry, place),
        refreshMs: entry.has('refreshInterval')
          ? durationToMilliseconds(
              readDurationFromConfig(entry, { key: 'refreshInterval' }),
            )
          : DEFAULT_REFRESH_MS,
        ...options,
      }),
  };
}

function readUrl(entry: Config, place: string, config: GitConfig): URL {
  try {
    return readRepositoryUrl(entry.getString('target'), config);
  } catch (error) {
    throw new InputError(
      `The value of "${place}.target" is not right. ${error instanceof Error ? error.message : error}`,
    );
  }
}

function readRef(entry: Config, place: string): GitRef {
  const given = KEYS.filter(key => entry.has(key));
  if (given.length > 1) {
    throw new InputError(
      `"${place}" has ${given.map(key => `"${key}"`).join(' and ')}. Expected one of them.`,
    );
  }
  const [key] = given;
  if (key === undefined) {
    return { type: 'head' };
  }
  const value = entry.getString(key);
  if (key === 'commit') {
    if (!isCommitId(value)) {
      throw new InputError(
        `The value of "${place}.commit" is "${value}", expected the full id of a commit with 40 characters.`,
      );
    }
    return { type: 'commit', id: value };
  }
  if (!isRefName(value)) {
    throw new InputError(
      `The value of "${place}.${key}" is "${value}", expected the name of a ${key} such as "${key === 'tag' ? 'v1.0.0' : 'main'}".`,
    );
  }
  return { type: key, name: value };
}

function readPath(entry: Config, place: string): string {
  const path = (entry.getOptionalString('path') ?? '').replace(
    /^(\.\/)+|\/+$/g,
    '',
  );
  if (path === '.') {
    return '';
  }
  if (path.startsWith('/') || path.split('/').includes('..')) {
    throw new InputError(
      `The value of "${place}.path" is "${path}", expected a folder inside of the repository such as "providers".`,
    );
  }
  return path;
}
