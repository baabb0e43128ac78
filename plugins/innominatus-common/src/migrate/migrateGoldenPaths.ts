import { Document, isMap, isScalar, parseAllDocuments, YAMLMap } from 'yaml';
import { Diagnostic } from '../diagnostics';
import { isObject } from '../workflow/compile/shape';
import { Report } from '../workflow/compile/report';
import { readWorkflowDocuments } from '../workflow/compile/readWorkflowDocuments';
import { migrateWorkflows } from '../workflow';
import { keyOf, mapAt, namedMaps } from './yamlEdit';

/** Keys of the long form that `metadata` has a place for. */
const METADATA: Record<string, string> = {
  description: 'description',
  category: 'category',
  tags: 'tags',
  estimated_duration: 'estimatedDuration',
};
const KNOWN = [
  ...Object.keys(METADATA),
  'workflow',
  'parameters',
  'required_params',
  'optional_params',
];

/** What {@link migrateGoldenPaths} makes of a list of golden paths. */
interface MigratedGoldenPaths {
  text: string;
  changes: string[];
  diagnostics: Diagnostic[];
}

/** The list of golden paths of the original: names, and files of workflows. */
export function looksLikeGoldenPaths(value: unknown): boolean {
  return (
    isObject(value) && value.kind === undefined && isObject(value.goldenpaths)
  );
}

/**
 * The files with workflows that a list of golden paths names, as it writes
 * them. They lie beside the list.
 *
 * @public
 */
export function goldenPathFiles(text: string): string[] {
  return [
    ...new Set(readList(text).entries.flatMap(entry => entry.workflow ?? [])),
  ];
}

/**
 * Makes one document of `kind: GoldenPath` of each entry of a list of golden
 * paths and the workflow that it names.
 */
export function migrateGoldenPaths(
  text: string,
  options: { file?: string; files: Readonly<Record<string, string>> },
): MigratedGoldenPaths {
  const { file, files } = options;
  const { entries, diagnostics, locate } = readList(text, file);
  if (diagnostics.length > 0) {
    return { text, changes: [], diagnostics };
  }
  const report = Report.create({ file, locate });
  const changes: string[] = [];
  const documents: string[] = [];
  for (const entry of entries) {
    const pointer = `/goldenpaths/${entry.name}`;
    const { workflow } = entry;
    const source =
      workflow !== undefined && Object.hasOwn(files, workflow)
        ? files[workflow]
        : undefined;
    if (workflow === undefined || source === undefined) {
      report.error(
        'GOLDENPATHS_WORKFLOW',
        pointer,
        workflow === undefined
          ? `The golden path "${entry.name}" names no file in "workflow".`
          : `The workflow "${workflow}" of the golden path "${entry.name}" cannot be read.`,
        workflow === undefined
          ? []
          : [
              'Run "innominatus migrate" where the list and its workflows lie as they did.',
            ],
      );
      continue;
    }
    const migrated = migrateWorkflows(source, { file: workflow });
    report.diagnostics.push(...migrated.diagnostics);
    const [document] = parseAllDocuments(migrated.text);
    if (migrated.diagnostics.length > 0 || !isMap(document?.contents)) {
      continue;
    }
    changes.push(
      `Made the golden path "${entry.name}" of "${workflow}".`,
      ...migrated.changes.map(change => `${workflow}: ${change}`),
      ...describe(document.contents, entry, document),
    );
    documents.push(document.toString({ lineWidth: 0 }).replace(/^---\n/, ''));
  }
  return report.failed
    ? { text, changes: [], diagnostics: report.diagnostics }
    : { text: documents.join('---\n'), changes, diagnostics: [] };
}

interface ListEntry {
  name: string;
  workflow?: string;
  /** Only of the long form. */
  more?: YAMLMap;
}

function readList(text: string, file?: string) {
  const [first] = readWorkflowDocuments(text, { file });
  const diagnostics = first?.diagnostics ?? [];
  const [document] = diagnostics.length > 0 ? [] : parseAllDocuments(text);
  const list = isMap(document?.contents)
    ? mapAt(document.contents, 'goldenpaths')
    : undefined;
  const entries = (list?.items ?? []).map((pair): ListEntry => {
    const more = isMap(pair.value) ? pair.value : undefined;
    const workflow = more ? more.get('workflow', true) : pair.value;
    return {
      name: keyOf(pair),
      more,
      ...(isScalar(workflow) && typeof workflow.value === 'string'
        ? { workflow: workflow.value }
        : {}),
    };
  });
  return { entries, diagnostics, locate: first?.locate };
}

/** What the list says about the path goes into the document of the path. */
function describe(
  root: YAMLMap,
  { name, more }: ListEntry,
  document: Document,
): string[] {
  root.set('kind', 'GoldenPath');
  const metadata = childMap(root, 'metadata', document);
  metadata.set('name', name);
  for (const [from, to] of Object.entries(METADATA)) {
    const value = more?.get(from, true);
    if (value !== undefined) {
      metadata.set(to, value);
    }
  }
  const parameters = parametersOf(more, document);
  if (parameters.items.length > 0) {
    const spec = childMap(root, 'spec', document);
    // The list was read, what the workflow said about parameters never was.
    spec.delete('parameters');
    spec.items.unshift(document.createPair('parameters', parameters));
  }
  return (more?.items ?? [])
    .map(keyOf)
    .filter(key => !KNOWN.includes(key))
    .map(key => `Left out "${key}" of "${name}", which has no effect.`);
}

/** Both the typed form and the two lists that came before it. */
function parametersOf(more: YAMLMap | undefined, document: Document): YAMLMap {
  const parameters = more ? mapAt(more, 'parameters') : undefined;
  const result = parameters ?? new YAMLMap();
  for (const [, parameter] of namedMaps(parameters)) {
    const allowed = parameter.get('allowed_values', true);
    if (allowed !== undefined) {
      parameter.delete('allowed_values');
      parameter.set('allowedValues', allowed);
    }
  }
  const written = more?.toJSON() as Record<string, unknown> | undefined;
  const required = written?.required_params;
  for (const name of Array.isArray(required) ? required.map(String) : []) {
    const known = mapAt(result, name);
    if (known) {
      known.set('required', true);
    } else {
      result.set(name, document.createNode({ type: 'string', required: true }));
    }
  }
  const optional = written?.optional_params;
  for (const [name, value] of isObject(optional)
    ? Object.entries(optional)
    : []) {
    if (!result.has(name)) {
      result.set(
        name,
        document.createNode({ type: 'string', default: String(value ?? '') }),
      );
    }
  }
  return result;
}

function childMap(root: YAMLMap, key: string, document: Document): YAMLMap {
  const found = mapAt(root, key);
  if (found) {
    return found;
  }
  const made = document.createNode({}) as YAMLMap;
  root.set(key, made);
  return made;
}
