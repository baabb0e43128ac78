// Makes a small schema out of the OpenAPI document of a Kubernetes release:
//
//   node trim.mjs swagger.json 1.20.2 > kubernetes-1.20.2.json
//
// `swagger.json` is `api/openapi-spec/swagger.json` of the sources of Kubernetes
// (Apache-2.0), for example of Debian's source package:
// `apt-get source --download-only kubernetes`. Kept are the kinds that a
// workload is made of and everything they refer to, without the descriptions.
import { readFileSync } from 'node:fs';

const KINDS = [
  'io.k8s.api.apps.v1.Deployment',
  'io.k8s.api.apps.v1.StatefulSet',
  'io.k8s.api.core.v1.ConfigMap',
  'io.k8s.api.core.v1.Namespace',
  'io.k8s.api.core.v1.PersistentVolumeClaim',
  'io.k8s.api.core.v1.Secret',
  'io.k8s.api.core.v1.Service',
  'io.k8s.api.networking.v1.Ingress',
];
const REF = '#/definitions/';

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
    return { $ref };
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
      additionalProperties: false,
    };
  }
  if (items) {
    return { type, items: trim(items) };
  }
  const { additionalProperties } = schema;
  return {
    ...(type ? { type } : {}),
    ...(additionalProperties
      ? { additionalProperties: trim(additionalProperties) }
      : {}),
  };
}

KINDS.forEach(keep);
const sorted = [...kept].sort(([a], [b]) => (a < b ? -1 : 1));
process.stdout.write(
  `${JSON.stringify({ release, kinds: KINDS, definitions: Object.fromEntries(sorted) })}\n`,
);
