import {
  createExtensionPoint,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';

/**
 * A file with definitions, already read.
 *
 * @public
 */
export interface DefinitionFile {
  /** How people know it: the target of the location and the path inside. */
  name: string;
  text: string;
}

/**
 * Where files with definitions come from.
 *
 * @public
 */
export interface DefinitionLocation {
  /** How people know it; holds no credentials. */
  target: string;
  /** Branch, tag or commit that is meant, where there is such a thing. */
  ref?: string;
  /**
   * How often it is looked at; as often as `innominatus.refreshInterval` says
   * when it is missing.
   */
  refreshMs?: number;
  /**
   * Reads all files. Answers `undefined` when nothing changed since the last
   * time; throws when the location cannot be read.
   */
  read(options?: {
    signal?: AbortSignal;
  }): Promise<DefinitionFile[] | undefined>;
  /**
   * The files as they were read last, by an earlier process too. Asked for when
   * the first `read` fails, so that a backend starts while a server is down.
   */
  readCached?(): Promise<DefinitionFile[] | undefined>;
  /**
   * Reads the files of another branch, tag or commit and changes nothing about
   * what `read` answers.
   */
  readRef?(
    ref: string,
    options?: { signal?: AbortSignal },
  ): Promise<DefinitionFile[]>;
  /** What exactly was read last, for example the id of a commit. */
  revision?(): string | undefined;
  /** Whether a webhook that names one of these addresses is about it. */
  isAt?(addresses: readonly string[]): boolean;
}

/**
 * What makes the locations of one type.
 *
 * @public
 */
export interface DefinitionLocationType {
  /** The word in `innominatus.locations[].type`. */
  type: string;
  /** Throws when the entry is not right; the backend does not start then. */
  create(options: {
    /** The entry of `innominatus.locations`. */
    config: Config;
    /** Where the entry is, for messages: `innominatus.locations[2]`. */
    place: string;
    logger: LoggerService;
  }): DefinitionLocation;
}

/**
 * Where modules bring in types of locations.
 *
 * @public
 */
export interface InnominatusLocationsExtensionPoint {
  addLocationType(...types: DefinitionLocationType[]): void;
}

/** @public */
export const innominatusLocationsExtensionPoint =
  createExtensionPoint<InnominatusLocationsExtensionPoint>({
    id: 'innominatus.locations',
  });
