// Makes a small schema out of the OpenAPI document of a Kubernetes release:
//
//   node trim.mjs swagger.json 1.20.2 > kubernetes-1.20.2.json
//
// `swagger.json` is `api/openapi-spec/swagger.json` of the sources of Kubernetes
// (Apache-2.0), or what an API server answers at `/openapi/v2`. Kept are the
// kinds that a workload is made of and those that golden paths deliver, and
// everything they refer to, without the descriptions.
import { readFileSync } from 'node:fs';

const KINDS = [
  'io.k8s.api.apps.v1.Deployment',
  'io.k8s.api.apps.v1.StatefulSet',
  'io.k8s.api.batch.v1.Job',
  'io.k8s.api.core.v1.ConfigMap',
  'io.k8s.api.core.v1.Event',
  'io.k8s.api.core.v1.LimitRange',
  'io.k8s.api.core.v1.Namespace',
  'io.k8s.api.core.v1.PersistentVolumeClaim',
  'io.k8s.api.core.v1.Pod',
  'io.k8s.api.core.v1.ResourceQuota',
  'io.k8s.api.core.v1.Secret',
  'io.k8s.api.core.v1.Service',
  'io.k8s.api.core.v1.ServiceAccount',
  'io.k8s.api.networking.v1.Ingress',
  'io.k8s.api.networking.v1.NetworkPolicy',
  'io.k8s.api.rbac.v1.Role',
  'io.k8s.api.rbac.v1.RoleBinding',
];
const REF = '#/definitions/';
/** How server-side apply merges lists and maps. */
const MERGING = [
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-patch-strategy',
];

const [file, release] = process.argv.slice(2);
const { definitions } = JSON.parse(readFileSync(file, 'utf8'));

const kept = new Map();

function keep(name) {
  if (kept.has(name)) {
    return;
  }
  kept.set(name, undefined);
  kept.set(name, trim(definitions[name]));
}

function trim(schema) {
  const { $ref, type, format, properties, required, items } = schema;
  if ($ref) {
    keep($ref.slice(REF.length));
    return { $ref, ...merging(schema) };
  }
  if (format === 'int-or-string') {
    return { type: ['integer', 'string'] };
  }
  if (properties) {
    const entries = Object.entries(properties);
    return {
      type: 'object',
      properties: Object.fromEntries(entries.map(([k, v]) => [k, trim(v)])),
      ...(required ? { required } : {}),
      ...merging(schema),
      additionalProperties: false,
    };
  }
  if (items) {
    return { type, ...merging(schema), items: trim(items) };
  }
  const { additionalProperties } = schema;
  return {
    ...(type ? { type } : {}),
    ...merging(schema),
    ...(additionalProperties
      ? { additionalProperties: trim(additionalProperties) }
      : {}),
  };
}

function merging(schema) {
  return Object.fromEntries(
    MERGING.filter(key => schema[key]).map(key => [key, schema[key]]),
  );
}

KINDS.forEach(keep);
const sorted = [...kept].sort(([a], [b]) => (a < b ? -1 : 1));
process.stdout.write(
  `${JSON.stringify({ release, kinds: KINDS, definitions: Object.fromEntries(sorted) })}\n`,
);
