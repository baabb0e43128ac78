/** A file as it was when definitions that are in use were read from it. */
export interface LastGoodFile {
  name: string;
  /** As it was read: references to secrets, never their values. */
  text: string;
  /** When the text was read first, in milliseconds since the epoch. */
  readAt: number;
  /** Keys of the definitions that are in use as this text has them. */
  definitions: string[];
}

/** Keeps the last good version of locations beyond the life of a process. */
export interface LastGoodStore {
  load(location: string): Promise<LastGoodFile[]>;
  /** Writes nothing when the same files are there already. */
  save(location: string, files: LastGoodFile[]): Promise<void>;
  remove(location: string): Promise<void>;
  /** Forgets all locations but these. */
  retain(locations: readonly string[]): Promise<void>;
}
