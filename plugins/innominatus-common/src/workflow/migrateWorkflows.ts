import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  Pair,
  Scalar,
  YAMLMap,
} from 'yaml';
import { readWorkflowDocuments } from './compile/readWorkflowDocuments';
import {
  API_VERSION,
  isLegacyApiVersion,
  LEGACY_SPEC_KEYS,
  MOVED_KEYS,
  RENAMED_METADATA,
  tierOf,
} from './compile/shape';
import { Diagnostic } from '../diagnostics';
import { RENAMED_PARAMETER } from './parameters/readParameters';

/**
 * Result of {@link migrateWorkflows}.
 *
 * @public
 */
export interface MigratedWorkflows {
  /** The file in the canonical form; the same text when nothing was to do. */
  text: string;
  /** One sentence for each change. */
  changes: string[];
  /** Why the file cannot be rewritten; then `text` is what was given. */
  diagnostics: Diagnostic[];
}

/** Keys of steps that commit manifests, which say the same in fewer words. */
const RENAMED_IN_COMMITS: Record<string, string> = {
  commitMessage: 'message',
  gitBranch: 'branch',
  manifestPath: 'path',
};

/**
 * Rewrites the workflows of a file from earlier forms into the canonical one.
 * Comments and everything that is no workflow stay.
 *
 * @public
 */
export function migrateWorkflows(
  text: string,
  options: { file?: string } = {},
): MigratedWorkflows {
  const diagnostics = readWorkflowDocuments(text, options).flatMap(
    document => document.diagnostics,
  );
  if (diagnostics.length > 0) {
    return { text, changes: [], diagnostics };
  }
  const documents = [...parseAllDocuments(text)];
  const changes = documents.flatMap(migrateDocument);
  return changes.length === 0
    ? { text, changes, diagnostics }
    : { text: write(documents), changes, diagnostics };
}

function write(documents: Document.Parsed[]): string {
  return documents
    .map((document, i) => {
      const written = document.toString({ lineWidth: 0 });
      return i > 0 && !written.startsWith('---') ? `---\n${written}` : written;
    })
    .join('');
}

function migrateDocument({ contents: root }: Document.Parsed): string[] {
  if (!isMap(root) || !isWorkflow(root)) {
    return [];
  }
  const changes: string[] = [];
  moveIntoSpec(root, changes);
  setKind(root, changes);
  setApiVersion(root, changes);
  const metadata = root.get('metadata');
  if (isMap(metadata)) {
    rename(metadata, RENAMED_METADATA, 'metadata', changes);
  }
  const spec = root.get('spec');
  if (isMap(spec)) {
    for (const key of LEGACY_SPEC_KEYS.filter(name => spec.delete(name))) {
      changes.push(`Removed "spec.${key}", which has no effect.`);
    }
    for (const [name, parameter] of parametersOf(spec)) {
      rename(parameter, RENAMED_PARAMETER, `parameters.${name}`, changes);
    }
    setUnits(spec, 'spec', changes);
    for (const list of ['steps', 'finally']) {
      for (const step of mapsOf(spec.get(list))) {
        const place = `step "${step.get('name')}"`;
        setUnits(step, place, changes);
        setType(step, place, changes);
        if (step.get('type') === 'git-commit-manifests') {
          rename(step, RENAMED_IN_COMMITS, place, changes);
          const config = step.get('config');
          if (isMap(config)) {
            rename(config, RENAMED_IN_COMMITS, place, changes);
          }
        }
      }
    }
  }
  return changes;
}

function isWorkflow(root: YAMLMap): boolean {
  const kind = root.get('kind');
  return (
    kind === 'Workflow' ||
    kind === 'GoldenPath' ||
    tierOf(kind) !== undefined ||
    (kind === undefined && isSeq(root.get('steps')))
  );
}

function setApiVersion(root: YAMLMap, changes: string[]): void {
  const version = root.get('apiVersion');
  if (version === undefined) {
    insert(root, 0, 'apiVersion', API_VERSION);
    changes.push(`Added "apiVersion: ${API_VERSION}".`);
  } else if (isLegacyApiVersion(version)) {
    root.set('apiVersion', API_VERSION);
    changes.push(`Replaced "apiVersion: ${version}" by "${API_VERSION}".`);
  }
}

function setKind(root: YAMLMap, changes: string[]): void {
  const kind = root.get('kind');
  if (kind === undefined) {
    const at = root.items.findIndex(pair => keyOf(pair) === 'apiVersion') + 1;
    insert(root, at, 'kind', 'Workflow');
    changes.push('Added "kind: Workflow".');
  }
  const tier = tierOf(kind);
  if (tier !== undefined) {
    root.set('kind', 'Workflow');
    const metadata = root.get('metadata');
    if (isMap(metadata) && !metadata.has('tier')) {
      metadata.set('tier', tier);
    }
    changes.push(
      `Replaced "kind: ${kind}" by "Workflow" with "metadata.tier: ${tier}".`,
    );
  }
}

/** The comment at the top of a document stays at its top. */
function insert(root: YAMLMap, at: number, key: string, value: string): void {
  const added = new Scalar(key);
  const next = root.items[at]?.key;
  if (at === 0 && isScalar(next)) {
    added.commentBefore = next.commentBefore;
    next.commentBefore = undefined;
  }
  root.items.splice(at, 0, new Pair(added, value));
}

/** Keeps the order in which the keys stood; what is under `spec` stays last. */
function moveIntoSpec(root: YAMLMap, changes: string[]): void {
  const written = root.get('spec');
  const spec = isMap(written) ? written : new YAMLMap();
  const moved = root.items.filter(pair => {
    const key = keyOf(pair);
    return MOVED_KEYS.includes(key) && !spec.has(key);
  });
  if (moved.length === 0 || (written !== undefined && !isMap(written))) {
    return;
  }
  root.items = root.items.filter(pair => !moved.includes(pair));
  spec.items.unshift(...moved);
  if (written === undefined) {
    root.items.push(new Pair('spec', spec));
  }
  changes.push(
    ...moved.map(pair => `Moved "${keyOf(pair)}" to "spec.${keyOf(pair)}".`),
  );
}

function rename(
  map: YAMLMap,
  names: Record<string, string>,
  place: string,
  changes: string[],
): void {
  for (const pair of map.items) {
    const key = keyOf(pair);
    if (Object.hasOwn(names, key) && !map.has(names[key])) {
      pair.key = names[key];
      changes.push(`Renamed "${place}.${key}" to "${names[key]}".`);
    }
  }
}

/** By name, or a list of objects with names. */
function parametersOf(spec: YAMLMap): Array<[string, YAMLMap]> {
  const parameters = spec.get('parameters');
  if (isSeq(parameters)) {
    return mapsOf(parameters).map(item => [String(item.get('name')), item]);
  }
  return (isMap(parameters) ? parameters.items : []).flatMap(pair =>
    isMap(pair.value) ? [[keyOf(pair), pair.value]] : [],
  );
}

function mapsOf(list: unknown): YAMLMap[] {
  const items: unknown[] = isSeq(list) ? list.items : [];
  return items.filter(item => isMap(item));
}

/** A timeout without a unit always meant seconds. */
function setUnits(map: YAMLMap, place: string, changes: string[]): void {
  const timeout = map.get('timeout');
  if (/^\d+$/.test(String(timeout))) {
    map.set('timeout', `${timeout}s`);
    changes.push(`Gave the timeout of ${place} its unit: "${timeout}s".`);
  }
}

/** Both do nothing; the other types that are gone did something. */
function setType(step: YAMLMap, place: string, changes: string[]): void {
  if (step.get('type') === 'dummy') {
    step.set('type', 'simulate');
    changes.push(`Replaced the type "dummy" of ${place} by "simulate".`);
  }
}

function keyOf(pair: { key: unknown }): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}
