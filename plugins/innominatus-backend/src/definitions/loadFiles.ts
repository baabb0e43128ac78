import {
  DefinitionOptions,
  Definitions,
  DefinitionProblems,
  ReadDefinitionsResult,
  hasErrors,
  readDefinitions,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionFile } from '@innominatus/backstage-plugin-innominatus-node';
import { definitionKey } from './definitionKey';
import {
  DefinitionKind,
  KIND_OF,
  eachDefinition,
  emptyDefinitions,
  nameOf,
} from './definitionKinds';
import { originOf, setOrigin } from './definitionOrigin';

/** What one location holds after its last read. */
export interface LocationContent {
  definitions: Definitions;
  problems: DefinitionProblems[];
  /** Keys of definitions that are kept as they were. */
  lastGood: Set<string>;
}

/**
 * Reads the files of a location. What is broken now but was good the last time
 * stays in use as it was, beside the problem: a typo in a file must not take
 * the resource types of a whole team away.
 */
export function loadFiles(options: {
  /** Which location it is. */
  location: string;
  files: DefinitionFile[];
  compile: DefinitionOptions;
  previous: LocationContent | undefined;
}): LocationContent {
  const content: LocationContent = {
    definitions: emptyDefinitions(),
    problems: [],
    lastGood: new Set(),
  };
  for (const file of options.files) {
    const result = readDefinitions(file.text, {
      file: file.name,
      ...options.compile,
    });
    noteOrigin(file, result.definitions, options);
    append(content.definitions, result.definitions);
    content.problems.push(...result.problems);
    if (options.previous) {
      const kept = lastGood(file, result, options.previous.definitions);
      append(content.definitions, kept);
      for (const [kind, key] of Object.entries(KIND_OF)) {
        for (const item of kept[key]) {
          content.lastGood.add(definitionKey(kind, nameOf(item)));
        }
      }
    }
  }
  return content;
}

/** A text that was there before was read first when it was read then. */
function noteOrigin(
  { name: file, text }: DefinitionFile,
  definitions: Definitions,
  options: Pick<Parameters<typeof loadFiles>[0], 'location' | 'previous'>,
): void {
  const { location, previous } = options;
  const before = eachDefinition(previous?.definitions ?? emptyDefinitions())
    .map(({ item }) => originOf(item))
    .find(origin => origin?.file === file && origin.text === text);
  const origin = before ?? { location, file, text, readAt: Date.now() };
  for (const { item } of eachDefinition(definitions)) {
    setOrigin(item, origin);
  }
}

function lastGood(
  file: DefinitionFile,
  result: ReadDefinitionsResult,
  previous: Definitions,
): Definitions {
  const broken = result.problems.filter(({ diagnostics }) =>
    hasErrors(diagnostics),
  );
  // Without a name nobody knows which of the definitions it was, and what is no
  // YAML may have swallowed others.
  const isUnreadable = broken.some(
    ({ name, diagnostics }) =>
      name === undefined ||
      diagnostics.some(({ code }) => code === 'WORKFLOW_YAML_INVALID'),
  );
  const kept = emptyDefinitions();
  const keep = <K extends DefinitionKind>(kind: K) => {
    const now = new Set(result.definitions[kind].map(nameOf));
    const items: Definitions[K] = [];
    for (const item of previous[kind]) {
      const name = nameOf(item);
      const isBroken = broken.some(
        problem =>
          problem.name === name && KIND_OF[problem.kind ?? ''] === kind,
      );
      if (
        item.source === file.name &&
        !now.has(name) &&
        (isBroken || isUnreadable)
      ) {
        (items as unknown[]).push(item);
      }
    }
    kept[kind] = items;
  };
  keep('environments');
  keep('providers');
  keep('goldenPaths');
  keep('workflows');
  keep('policies');
  return kept;
}

function append(into: Definitions, from: Definitions): void {
  into.environments.push(...from.environments);
  into.providers.push(...from.providers);
  into.goldenPaths.push(...from.goldenPaths);
  into.workflows.push(...from.workflows);
  into.policies.push(...from.policies);
}
