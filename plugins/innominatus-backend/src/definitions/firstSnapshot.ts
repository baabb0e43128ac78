import {
  DefinitionOptions,
  hasErrors,
} from '@innominatus/backstage-plugin-innominatus-common';
import { combineLocations } from './combineLocations';
import { LocationReader } from './LocationReader';
import { DefinitionSnapshot } from './types';

/**
 * The definitions of a process that has just started. What an earlier one had
 * in use is looked at only when something is wrong: it takes the place of what
 * was in use before.
 */
export async function firstSnapshot(options: {
  readers: readonly LocationReader[];
  compile: DefinitionOptions;
  version: string;
}): Promise<DefinitionSnapshot> {
  const { readers, compile, version } = options;
  const contents = readers.flatMap(({ content }) => content ?? []);
  const snapshot = combineLocations({ contents, version });
  if (!snapshot.problems.some(({ diagnostics }) => hasErrors(diagnostics))) {
    return snapshot;
  }
  const restored = await Promise.all(
    readers.map(async reader =>
      reader.isKept ? reader.restore({ compile }) : reader.content,
    ),
  );
  const previous = combineLocations({
    contents: restored.flatMap(content => content ?? []),
    version,
  });
  return combineLocations({ contents, previous, version });
}
