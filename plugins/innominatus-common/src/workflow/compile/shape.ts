import { JsonObject, JsonValue } from '../../json';
import { Report } from './report';

/** A document in the canonical form, whatever form it was written in. */
export interface Shape {
  kind: 'Workflow' | 'GoldenPath';
  metadata: JsonObject;
  /** Value and the pointer it was found at, by key of `spec`. */
  spec: Map<string, { value: JsonValue; pointer: string }>;
}

export const API_VERSION = 'innominatus.dev/v1';
const LEGACY_API_VERSIONS = [
  'workflow.dev/v1',
  'orchestrator.innominatus.dev/v1',
];
const KINDS = ['Workflow', 'GoldenPath'] as const;
/** Earlier kinds, and the tier that each stands for. */
const LEGACY_KINDS: Record<string, string> = {
  PlatformWorkflow: 'platform',
  ProductWorkflow: 'product',
};
const TOP_KEYS = ['apiVersion', 'kind', 'metadata', 'spec'];
/** Keys that stood beside `spec` in older files. */
export const MOVED_KEYS = ['steps', 'variables', 'parameters', 'outputs'];
const SPEC_KEYS = [
  'parameters',
  'variables',
  'steps',
  'finally',
  'outputs',
  'timeout',
  'maxParallel',
  'priority',
  'concurrency',
  'onFailure',
  'schedule',
];
const METADATA_KEYS = [
  'name',
  'title',
  'description',
  'version',
  'owner',
  'category',
  'tags',
  'labels',
  'annotations',
  'estimatedDuration',
  'tier',
  'phase',
  'product',
];
export const RENAMED_METADATA: Record<string, string> = {
  estimated_duration: 'estimatedDuration',
};
/** Read and left out; the original ignored or hard-wired them. */
export const LEGACY_SPEC_KEYS = ['triggers', 'description'];

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const MAX_NAME_LENGTH = 63;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Brings a document into the canonical form and reports where it was not. */
export function readShape(source: unknown, report: Report): Shape | undefined {
  if (!isObject(source)) {
    report.error(
      'WORKFLOW_INVALID',
      '',
      'A workflow must be an object with "apiVersion", "kind", "metadata" and "spec".',
    );
    return undefined;
  }
  readApiVersion(source, report);
  const kind = readKind(source, report);
  const spec = readSpec(source, report);
  const tier = tierOf(source.kind);
  const metadata = {
    ...(tier === undefined ? {} : { tier }),
    ...readMetadata(source, report),
  };
  for (const key of Object.keys(source)) {
    if (!TOP_KEYS.includes(key) && !MOVED_KEYS.includes(key)) {
      report.unknownKey({
        pointer: `/${key}`,
        key,
        place: 'a workflow',
        known: TOP_KEYS,
      });
    }
  }
  return { kind, metadata, spec };
}

function readApiVersion(source: JsonObject, report: Report): void {
  const { apiVersion } = source;
  if (apiVersion === API_VERSION) {
    return;
  }
  if (isLegacyApiVersion(apiVersion)) {
    report.info(
      'WORKFLOW_LEGACY_FORM',
      '/apiVersion',
      `"${apiVersion}" is an older form. The canonical one is "apiVersion: ${API_VERSION}".`,
      ['Run "innominatus migrate" to rewrite the file.'],
    );
    return;
  }
  if (apiVersion === undefined && Array.isArray(source.steps)) {
    report.info(
      'WORKFLOW_LEGACY_FORM',
      '',
      `The file has no "apiVersion". The canonical form starts with "apiVersion: ${API_VERSION}".`,
      ['Run "innominatus migrate" to rewrite the file.'],
    );
    return;
  }
  report.error(
    'WORKFLOW_API_VERSION',
    '/apiVersion',
    apiVersion === undefined
      ? '"apiVersion" is missing.'
      : `The apiVersion ${JSON.stringify(apiVersion)} is not known.`,
    [`Write "apiVersion: ${API_VERSION}".`],
  );
}

function readKind(source: JsonObject, report: Report): Shape['kind'] {
  const { kind } = source;
  const known = KINDS.find(candidate => candidate === kind);
  if (known) {
    return known;
  }
  const legacy =
    tierOf(kind) !== undefined ||
    (kind === undefined && Array.isArray(source.steps));
  if (legacy) {
    report.info(
      'WORKFLOW_LEGACY_FORM',
      '/kind',
      'The canonical form is "kind: Workflow"; the tier belongs to "metadata.tier".',
    );
  } else {
    report.error(
      'WORKFLOW_KIND',
      '/kind',
      kind === undefined
        ? '"kind" is missing.'
        : `The kind ${JSON.stringify(kind)} is not a workflow.`,
      ['Write "kind: Workflow" or "kind: GoldenPath".'],
    );
  }
  return 'Workflow';
}

export function isLegacyApiVersion(version: unknown): boolean {
  return typeof version === 'string' && LEGACY_API_VERSIONS.includes(version);
}

export function tierOf(kind: unknown): string | undefined {
  return typeof kind === 'string' && Object.hasOwn(LEGACY_KINDS, kind)
    ? LEGACY_KINDS[kind]
    : undefined;
}

function readSpec(source: JsonObject, report: Report): Shape['spec'] {
  const spec: Shape['spec'] = new Map();
  const written = source.spec;
  if (isObject(written)) {
    for (const [key, value] of Object.entries(written)) {
      const pointer = `/spec/${key}`;
      if (SPEC_KEYS.includes(key)) {
        spec.set(key, { value, pointer });
      } else if (LEGACY_SPEC_KEYS.includes(key)) {
        report.info(
          'WORKFLOW_LEGACY_FORM',
          pointer,
          `"spec.${key}" has no effect and can be removed.`,
        );
      } else {
        report.unknownKey({ pointer, key, place: '"spec"', known: SPEC_KEYS });
      }
    }
  } else if (written !== undefined) {
    report.error('WORKFLOW_INVALID', '/spec', '"spec" must be an object.');
  }
  for (const key of MOVED_KEYS.filter(moved => Object.hasOwn(source, moved))) {
    const pointer = `/${key}`;
    if (spec.has(key)) {
      report.error(
        'WORKFLOW_KEY_TWICE',
        pointer,
        `"${key}" is said twice: here and under "spec". Keep the one under "spec".`,
      );
    } else {
      report.info(
        'WORKFLOW_LEGACY_FORM',
        pointer,
        `"${key}" stands beside "spec". The canonical form is "spec.${key}".`,
        ['Run "innominatus migrate" to rewrite the file.'],
      );
      spec.set(key, { value: source[key], pointer });
    }
  }
  return spec;
}

function readMetadata(source: JsonObject, report: Report): JsonObject {
  const { metadata } = source;
  if (!isObject(metadata)) {
    report.error(
      'WORKFLOW_INVALID',
      '/metadata',
      '"metadata" must be an object with at least "name".',
    );
    return {};
  }
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(metadata)) {
    const pointer = `/metadata/${key}`;
    if (Object.hasOwn(RENAMED_METADATA, key)) {
      report.info(
        'WORKFLOW_LEGACY_FORM',
        pointer,
        `The canonical form of "${key}" is "${RENAMED_METADATA[key]}".`,
      );
      result[RENAMED_METADATA[key]] = value;
    } else if (METADATA_KEYS.includes(key)) {
      result[key] = value;
    } else {
      report.unknownKey({
        pointer,
        key,
        place: '"metadata"',
        known: METADATA_KEYS,
      });
    }
  }
  const { name } = result;
  if (
    typeof name !== 'string' ||
    !NAME.test(name) ||
    name.length > MAX_NAME_LENGTH
  ) {
    report.error(
      'WORKFLOW_NAME',
      '/metadata/name',
      name === undefined
        ? '"metadata.name" is missing.'
        : `The name ${JSON.stringify(name)} cannot be used.`,
      [
        `Use lower-case letters, digits and "-", at most ${MAX_NAME_LENGTH} characters.`,
      ],
    );
  }
  return result;
}
