import fs from 'node:fs';
import path from 'node:path';
import { JsonObject, JsonValue } from '../json';
import { findPlaceholders } from '../score/placeholders';
import { readScore } from '../score/readScore';
import { Workload } from '../score/workload';
import { identityOf } from './identity';
import { renderWorkload } from './renderWorkload';
import { KubernetesObject } from './types';
import { parseManifests, toYaml } from './yaml';

const corpus = process.env.SCORE_CORPUS;

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(path.join(corpus!, folder), { recursive: true })
    .map(name => path.join(folder, String(name)))
    .filter(name => name.endsWith('.yaml'))
    .sort();
}

/** Outputs that answer every placeholder of the workload. */
function outputsFor(
  workload: Workload,
): Record<string, { outputs: Record<string, JsonValue> }> {
  const resources = Object.fromEntries(
    Object.keys(workload.resources).map(name => [
      name,
      { outputs: { source: { emptyDir: {} } } as JsonObject },
    ]),
  );
  for (const { parts } of findPlaceholders(
    Object.values(workload.containers)
      .flatMap(container => [
        ...Object.values(container.variables),
        ...Object.values(container.files).map(({ content }) => content ?? ''),
      ])
      .join('\n'),
  )) {
    const [root, name, ...keys] = parts;
    if (root === 'resources' && Object.hasOwn(resources, name)) {
      let target = resources[name].outputs;
      keys.forEach((key, i) => {
        const last = i === keys.length - 1;
        target[key] ??= last
          ? { $secretRef: `resource/${name}/${keys.join('.')}` }
          : {};
        target = target[key] as JsonObject;
      });
    }
  }
  return resources;
}

function volumesOf(manifests: KubernetesObject[]): string[] {
  return manifests.flatMap(({ spec }) => {
    const pod = (spec as Record<string, any> | undefined)?.template?.spec;
    return ((pod?.volumes ?? []) as Array<{ name: string }>).map(
      ({ name }) => name,
    );
  });
}

/** What a spec may leave open, or ask of Kubernetes that it has not. */
const EXPECTED_CODES = [
  'MANIFEST_FILE_SOURCE',
  'MANIFEST_HEALTH_UNKNOWN',
  'MANIFEST_IMAGE_MISSING',
  'MANIFEST_PLACEHOLDER',
  'MANIFEST_PROBE_IGNORED',
  'MANIFEST_REQUEST_OVER_LIMIT',
  'MANIFEST_VOLUME_SOURCE',
];

if (corpus === undefined) {
  test('Score corpus: set SCORE_CORPUS to its folder to render it', () => {
    expect(process.env.SCORE_CORPUS).toBeUndefined();
  });
} else {
  describe('Score corpus', () => {
    it.each(filesBelow('valid'))('renders %s', file => {
      const text = fs.readFileSync(path.join(corpus, file), 'utf8');
      const { workload } = readScore(text, { file, image: 'example/image:1' });
      if (workload === undefined) {
        throw new Error(`"${file}" is not valid.`);
      }
      const options = { workload, environment: 'development', namespace: 'ns' };
      const unknown = renderWorkload({ ...options, resources: {} });
      const known = renderWorkload({
        ...options,
        resources: outputsFor(workload),
      });
      for (const { manifests, diagnostics } of [unknown, known]) {
        expect(EXPECTED_CODES).toEqual(
          expect.arrayContaining(diagnostics.map(({ code }) => code)),
        );
        const volumes = volumesOf(manifests);
        expect(new Set(volumes).size).toBe(volumes.length);
        const identities = manifests.map(identityOf);
        expect(new Set(identities).size).toBe(identities.length);
        expect(parseManifests(toYaml(manifests))).toEqual(manifests);
      }
      expect(JSON.stringify(unknown)).not.toContain('innominatus_secret');
      const open = known.manifests.filter(({ kind }) => kind !== 'Secret');
      expect(JSON.stringify(open)).not.toContain('innominatus_secret');
    });
  });
}
