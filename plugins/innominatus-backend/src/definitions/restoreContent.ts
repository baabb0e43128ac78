import {
  DefinitionOptions,
  readDefinitions,
} from '@innominatus/backstage-plugin-innominatus-common';
import { definitionKey } from './definitionKey';
import { KIND_OF, emptyDefinitions, nameOf } from './definitionKinds';
import { setOrigin } from './definitionOrigin';
import { LastGoodFile } from './LastGoodStore';
import { LocationContent } from './loadFiles';

/**
 * What a location held for an earlier process. From each file only those
 * definitions are taken that were in use as it has them.
 */
export function restoreContent(options: {
  location: string;
  files: LastGoodFile[];
  compile: DefinitionOptions;
}): LocationContent {
  const { location, files, compile } = options;
  const definitions = emptyDefinitions();
  for (const { name: file, text, readAt, definitions: keys } of files) {
    const read = readDefinitions(text, { file, ...compile }).definitions;
    for (const [kind, key] of Object.entries(KIND_OF)) {
      for (const item of read[key]) {
        if (keys.includes(definitionKey(kind, nameOf(item)))) {
          setOrigin(item, { location, file, text, readAt });
          (definitions[key] as unknown[]).push(item);
        }
      }
    }
  }
  return { definitions, problems: [], lastGood: new Set() };
}
