import {
  Definitions,
  DefinitionProblems,
  ProviderConflict,
} from '@innominatus/backstage-plugin-innominatus-common';

/** A file of a location, already read. */
export interface DefinitionFile {
  /** How people know it: the target of the location and the path inside. */
  name: string;
  text: string;
}

/** Where definition files come from. */
export interface DefinitionLocation {
  /** As configured. */
  target: string;
  /**
   * Reads all files. Answers `undefined` when nothing changed since the last
   * time; throws when the location cannot be read.
   */
  read(): Promise<DefinitionFile[] | undefined>;
}

/** Everything that is in use, and what is wrong. */
export interface DefinitionSnapshot {
  definitions: Definitions;
  problems: DefinitionProblems[];
  conflicts: ProviderConflict[];
}
