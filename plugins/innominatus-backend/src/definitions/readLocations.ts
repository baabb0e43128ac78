import { LoggerService, UrlReaderService } from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import {
  DefinitionLocation,
  DefinitionLocationType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { FileLocation } from './FileLocation';
import { UrlLocation } from './UrlLocation';

/** Types that modules are known to bring. */
const KNOWN_MODULES: Record<string, string> = {
  git: '@innominatus/backstage-plugin-innominatus-backend-module-git',
};

/** Reads `innominatus.locations`. */
export function readLocations(options: {
  config: Config;
  urlReader: UrlReaderService;
  locationTypes: DefinitionLocationType[];
  baseDirectory: string;
  logger: LoggerService;
}): DefinitionLocation[] {
  const types = new Map<string, DefinitionLocationType['create']>([
    [
      'file',
      ({ config }) =>
        FileLocation.create({
          target: config.getString('target'),
          baseDirectory: options.baseDirectory,
          refreshMs: readRefreshMs(config),
        }),
    ],
    [
      'url',
      ({ config, place }) =>
        UrlLocation.create({
          target: readUrl(config, place),
          reader: options.urlReader,
          refreshMs: readRefreshMs(config),
        }),
    ],
  ]);
  for (const { type, create } of options.locationTypes) {
    if (types.has(type)) {
      throw new Error(
        `The type of locations "${type}" is registered twice. Remove one of the modules that bring it.`,
      );
    }
    types.set(type, create);
  }
  const entries =
    options.config.getOptionalConfigArray('innominatus.locations') ?? [];
  return entries.map((config, index) => {
    const place = `innominatus.locations[${index}]`;
    const type = config.getString('type');
    const create = types.get(type);
    if (!create) {
      const known = [...types.keys()].map(name => `"${name}"`).join(', ');
      const module = KNOWN_MODULES[type];
      throw new InputError(
        `The value of "${place}.type" is "${type}", expected one of ${known}, for example { type: file, target: ./platform }.${module ? ` Install "${module}" for "${type}".` : ''}`,
      );
    }
    return create({ config, place, logger: options.logger });
  });
}

/** What a location is called stands in answers, logs and rows. */
function readUrl(config: Config, place: string): string {
  const target = config.getString('target');
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (!url) {
    throw new InputError(
      `The value of "${place}.target" is "${target}", expected an address such as "https://host/platform/tree/main/".`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new InputError(
      `The value of "${place}.target" holds credentials for "${url.host}". Put them below "integrations" in the app-config.`,
    );
  }
  return target;
}

function readRefreshMs(config: Config): number | undefined {
  return config.has('refreshInterval')
    ? durationToMilliseconds(
        readDurationFromConfig(config, { key: 'refreshInterval' }),
      )
    : undefined;
}
