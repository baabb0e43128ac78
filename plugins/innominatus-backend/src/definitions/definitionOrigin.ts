/** The file that a definition was read from, as it was then. */
export interface DefinitionOrigin {
  /** Which location it belongs to. */
  location: string;
  file: string;
  text: string;
  /** When this text was read first, in milliseconds since the epoch. */
  readAt: number;
}

/**
 * Beside the definitions, which are plain data: what is kept in use after its
 * file broke has to be written down with the text it was made of.
 */
const origins = new WeakMap<object, DefinitionOrigin>();

export function originOf(definition: object): DefinitionOrigin | undefined {
  return origins.get(definition);
}

export function setOrigin<T extends object>(
  definition: T,
  origin: DefinitionOrigin | undefined,
): T {
  if (origin) {
    origins.set(definition, origin);
  }
  return definition;
}
