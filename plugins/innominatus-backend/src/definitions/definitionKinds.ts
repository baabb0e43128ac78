import { Definitions } from '@innominatus/backstage-plugin-innominatus-common';

export type DefinitionKind = keyof Definitions;

/** Where the definitions of a kind are. */
export const KIND_OF: Record<string, DefinitionKind> = {
  Environment: 'environments',
  Provider: 'providers',
  GoldenPath: 'goldenPaths',
  Workflow: 'workflows',
  Policy: 'policies',
};

export function emptyDefinitions(): Definitions {
  return {
    environments: [],
    providers: [],
    goldenPaths: [],
    workflows: [],
    policies: [],
  };
}

export function nameOf(
  item: { name: string } | { metadata: { name: string } },
): string {
  return 'name' in item ? item.name : item.metadata.name;
}

/** All of them, each with the word for its kind. */
export function eachDefinition(
  definitions: Definitions,
): Array<{ kind: string; name: string; item: object }> {
  return Object.entries(KIND_OF).flatMap(([kind, key]) =>
    definitions[key].map(item => ({ kind, name: nameOf(item), item })),
  );
}
