import { isMap, parseDocument, visit, YAMLMap } from 'yaml';
import { Diagnostic } from '../diagnostics';
import { readScore, readYaml } from '../score';
import { extractWorkflows } from './extractWorkflows';
import { migrateContainer } from './migrateContainer';
import {
  insertFirst,
  isNothing,
  keyOf,
  mapAt,
  namedMaps,
  renameKey,
  Rewriting,
  writeLike,
} from './yamlEdit';

const API_VERSION = 'score.dev/v1b1';

/**
 * A file made of a part of another one.
 *
 * @public
 */
export interface ExtractedFile {
  /** A name for the file, without folder. */
  file: string;
  text: string;
}

/**
 * Result of {@link migrateScore}.
 *
 * @public
 */
export interface MigratedScore {
  /** The spec in the canonical form; the same text when nothing was to do. */
  text: string;
  /** One sentence for each change. */
  changes: string[];
  /** What has no place in a Score spec, as files of their own. */
  extracted: ExtractedFile[];
  /** Why the file cannot be rewritten; then `text` is what was given. */
  diagnostics: Diagnostic[];
  /** What is left for a person to mend in `text`. */
  remaining: Diagnostic[];
}

/**
 * Rewrites a Score spec of an earlier draft, or one with the extensions of the
 * original innominatus, into plain `score.dev/v1b1`. Comments stay. What only a
 * person can decide is left and told in `remaining`.
 *
 * @public
 */
export function migrateScore(
  text: string,
  options: { file?: string } = {},
): MigratedScore {
  // Looks at size and nesting before the rewriting does the same work again.
  const { value, diagnostics } = readYaml(text, options);
  const document = value === undefined ? undefined : parseDocument(text);
  if (document === undefined || !isMap(document.contents)) {
    return {
      text,
      changes: [],
      extracted: [],
      diagnostics:
        diagnostics.length > 0
          ? diagnostics
          : readScore(text, options).diagnostics,
      remaining: [],
    };
  }
  const root: YAMLMap = document.contents;
  const rewriting: Rewriting = { changes: [] };
  setApiVersion(root, rewriting);
  dropNothing(root, ['service', 'resources'], '', rewriting);
  for (const [name, container] of namedMaps(mapAt(root, 'containers'))) {
    migrateContainer(container, name, rewriting);
  }
  for (const [name, resource] of namedMaps(mapAt(root, 'resources'))) {
    migrateResource(resource, name, rewriting);
  }
  shortenPlaceholders(root, rewriting);
  dropEnvironment(root, rewriting);
  const extracted = extractWorkflows(root, rewriting);
  const { changes } = rewriting;
  const written = changes.length === 0 ? text : writeLike(document, text);
  return {
    text: written,
    changes,
    extracted,
    diagnostics: [],
    remaining: readScore(written, options).diagnostics,
  };
}

function setApiVersion(root: YAMLMap, { changes }: Rewriting): void {
  const version = root.get('apiVersion');
  if (version === undefined) {
    insertFirst(root, 'apiVersion', API_VERSION);
    changes.push(`Added "apiVersion: ${API_VERSION}".`);
  } else if (
    typeof version === 'string' &&
    /^score\./.test(version) &&
    version !== API_VERSION
  ) {
    root.set('apiVersion', API_VERSION);
    changes.push(`Replaced "apiVersion: ${version}" by "${API_VERSION}".`);
  }
  const kind = root.get('kind');
  if (typeof kind === 'string' && /^(score|workload)$/i.test(kind)) {
    root.delete('kind');
    changes.push(`Removed "kind: ${kind}"; a Score spec has no kind.`);
  }
}

function dropNothing(
  map: YAMLMap,
  keys: readonly string[],
  place: string,
  { changes }: Rewriting,
): void {
  for (const key of keys) {
    if (map.has(key) && isNothing(map.get(key, true))) {
      map.delete(key);
      changes.push(`Removed "${place}${key}", which is empty.`);
    }
  }
}

const DECLARATION_KEYS = new Set([
  'default',
  'description',
  'required',
  'secret',
  'title',
  'type',
]);

function migrateResource(
  resource: YAMLMap,
  name: string,
  rewriting: Rewriting,
): void {
  const place = `resources.${name}.`;
  dropNothing(resource, ['params', 'metadata', 'properties'], place, rewriting);
  const properties = mapAt(resource, 'properties');
  if (properties === undefined) {
    return;
  }
  const { changes } = rewriting;
  const params = mapAt(resource, 'params');
  if (declaresOutputs(properties)) {
    resource.delete('properties');
    changes.push(`Removed "${place}properties", which only named the outputs.`);
  } else if (params === undefined && !resource.has('params')) {
    renameKey(resource, 'properties', 'params');
    changes.push(`Renamed "${place}properties" to "params".`);
  } else if (
    params !== undefined &&
    !properties.items.some(pair => params.has(pair.key))
  ) {
    params.items.push(...properties.items);
    resource.delete('properties');
    changes.push(`Moved "${place}properties" into "params".`);
  }
}

/** Early drafts listed what a resource gives, not what it is given. */
function declaresOutputs(properties: YAMLMap): boolean {
  return properties.items.every(
    ({ value }) =>
      isNothing(value) ||
      (isMap(value) &&
        value.items.every(pair => DECLARATION_KEYS.has(keyOf(pair)))),
  );
}

/** The original wrote `${resources.db.outputs.host}`. */
function shortenPlaceholders(root: YAMLMap, { changes }: Rewriting): void {
  const resources = mapAt(root, 'resources');
  const shortened = new Set<string>();
  for (const map of [mapAt(root, 'containers'), resources]) {
    visit(map ?? null, {
      Scalar(_, scalar) {
        if (typeof scalar.value !== 'string') {
          return;
        }
        const value = scalar.value.replace(
          /\$\{resources\.([A-Za-z0-9_-]+)\.outputs\.([^}]+)\}/g,
          (whole, name: string, output: string) => {
            if (!resources?.has(name)) {
              return whole;
            }
            shortened.add(`\${resources.${name}.${output}}`);
            return `\${resources.${name}.${output}}`;
          },
        );
        if (value !== scalar.value) {
          scalar.value = value;
        }
      },
    });
  }
  for (const placeholder of shortened) {
    changes.push(`Shortened a placeholder to "${placeholder}".`);
  }
}

function dropEnvironment(root: YAMLMap, { changes }: Rewriting): void {
  const environment = root.get('environment', true);
  if (environment === undefined) {
    return;
  }
  const read = (key: string) => {
    const value = isMap(environment) ? environment.get(key) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const [type, ttl] = [read('type'), read('ttl')];
  root.delete('environment');
  changes.push(
    `Removed "environment"${
      type === undefined ? '' : ` (type ${type}${ttl ? `, ttl ${ttl}` : ''})`
    }: name the environment when deploying, for example innominatus deploy -e ${
      type ?? 'development'
    }.`,
  );
}

/** Tells whether a document is, or wants to be, a Score spec. */
export function looksLikeScore(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { apiVersion, kind, containers } = value as Record<string, unknown>;
  if (typeof apiVersion === 'string') {
    return /^score\./.test(apiVersion);
  }
  return (
    containers !== undefined &&
    (kind === undefined || /^(score|workload)$/i.test(String(kind)))
  );
}
