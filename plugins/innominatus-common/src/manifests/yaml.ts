import { parseAllDocuments, Document, isScalar, visit } from 'yaml';
import { JsonObject, JsonValue } from '../json';
import { KubernetesObject } from './types';

const MAX_TEXT_LENGTH = 5 * 1024 * 1024;
const MAX_OBJECTS = 1_000;
const MAX_DEPTH = 100;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Thrown when a text cannot be read as Kubernetes manifests.
 *
 * @public
 */
export class ManifestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ManifestError';
  }
}

/**
 * Writes manifests as one YAML stream. The same objects give the same text.
 *
 * @remarks
 * Readers of YAML 1.1, such as kubectl and Helm, take `yes`, `0644` or `1:20`
 * for something else than text; whatever could be misread is quoted.
 *
 * @public
 */
export function toYaml(manifests: readonly KubernetesObject[]): string {
  return manifests.map(manifest => writeDocument(manifest)).join('---\n');
}

function writeDocument(manifest: KubernetesObject): string {
  const document = new Document(manifest, {
    version: '1.1',
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar: (_key, node) => {
      if (
        typeof node.value === 'string' &&
        /^(?:[-+.]?\d|=$|<<$)/.test(node.value)
      ) {
        node.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}

/**
 * Reads a YAML or JSON stream of manifests the way kubectl does: YAML 1.1,
 * empty documents left out, lists of kind `List` taken apart. Throws
 * {@link ManifestError}.
 *
 * @public
 */
export function parseManifests(text: string): KubernetesObject[] {
  if (text.length > MAX_TEXT_LENGTH) {
    throw new ManifestError(
      `The manifests have ${text.length} characters, ${MAX_TEXT_LENGTH} are allowed.`,
    );
  }
  const documents = parseAllDocuments(text, {
    version: '1.1',
    // Times stay text, as in JSON.
    customTags: tags =>
      tags.filter(
        tag =>
          typeof tag === 'string' ||
          !['tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:binary'].includes(
            tag.tag,
          ),
      ),
    uniqueKeys: true,
  });
  const manifests: KubernetesObject[] = [];
  const list = Array.isArray(documents) ? documents : [];
  list.forEach((document, index) => {
    const place = `manifest ${index + 1}`;
    const [error] = document.errors;
    if (error !== undefined) {
      throw new ManifestError(`The ${place} is not YAML: ${error.message}`);
    }
    // A document of comments only has no contents, or an empty scalar.
    if (
      document.contents === null ||
      (isScalar(document.contents) && document.contents.value === null)
    ) {
      return;
    }
    manifests.push(...readManifests(toJson(document, place), place));
  });
  if (manifests.length > MAX_OBJECTS) {
    throw new ManifestError(
      `There are ${manifests.length} manifests, ${MAX_OBJECTS} are allowed.`,
    );
  }
  return manifests;
}

/**
 * Checks that values are manifests, as {@link parseManifests} does for text.
 *
 * @public
 */
export function readManifests(
  value: JsonValue,
  place: string = 'manifest',
): KubernetesObject[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, i) =>
      readManifests(item, `${place}, item ${i + 1}`),
    );
  }
  checkValue(value, place, 0);
  if (typeof value !== 'object' || value === null) {
    throw new ManifestError(`The ${place} is not an object.`);
  }
  const { apiVersion, kind, metadata, items } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw new ManifestError(`The ${place} has no apiVersion or no kind.`);
  }
  if (kind === 'List' && Array.isArray(items)) {
    return items.flatMap((item, i) =>
      readManifests(item, `${place}, item ${i + 1}`),
    );
  }
  const name = isMap(metadata) ? metadata.name : undefined;
  if (typeof name !== 'string' || name === '') {
    throw new ManifestError(
      `The ${place} (${kind}) has no metadata.name. Generated names cannot be applied.`,
    );
  }
  return [value as KubernetesObject];
}

function toJson(document: Document.Parsed, place: string): JsonValue {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ManifestError(
      `The ${place} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function isMap(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkValue(value: JsonValue, place: string, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new ManifestError(
      `The ${place} is nested deeper than ${MAX_DEPTH} levels.`,
    );
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) {
      throw new ManifestError(
        `The ${place} has the key "${key}", which is not allowed.`,
      );
    }
    checkValue(item, place, depth + 1);
  }
}
