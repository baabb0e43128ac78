import {
  Definitions,
  DefinitionProblems,
  ProviderConflict,
} from '@innominatus/backstage-plugin-innominatus-common';

/** Everything that is in use, and what is wrong. */
export interface DefinitionSnapshot {
  definitions: Definitions;
  problems: DefinitionProblems[];
  conflicts: ProviderConflict[];
  /** Keys of definitions that are in use as they were, because now they are broken. */
  lastGood: Set<string>;
}
