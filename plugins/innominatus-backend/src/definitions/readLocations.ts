import { UrlReaderService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { FileLocation } from './FileLocation';
import { UrlLocation } from './UrlLocation';
import { DefinitionLocation } from './types';

/** Reads `innominatus.locations`. */
export function readLocations(options: {
  config: Config;
  urlReader: UrlReaderService;
  baseDirectory: string;
}): DefinitionLocation[] {
  const entries =
    options.config.getOptionalConfigArray('innominatus.locations') ?? [];
  return entries.map((entry, index) => {
    const type = entry.getString('type');
    const target = entry.getString('target');
    switch (type) {
      case 'file':
        return FileLocation.create({
          target,
          baseDirectory: options.baseDirectory,
        });
      case 'url':
        return UrlLocation.create({ target, reader: options.urlReader });
      default:
        throw new InputError(
          `The value of "innominatus.locations[${index}].type" is "${type}", expected "file" or "url", for example { type: file, target: ./platform }.`,
        );
    }
  });
}
