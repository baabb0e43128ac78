import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  KubernetesObject,
  generateManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CORPUS, generatedCases } from './__testUtils__/openapi/generatedCases';
import { manifestValidator } from './__testUtils__/openapi/manifestValidator';
import { readClientSchema } from './__testUtils__/openapi/modelSchema';
import { OpenApiSchema } from './__testUtils__/openapi/types';

const FIXTURE = path.join(
  __dirname,
  '__testUtils__/openapi/__fixtures__/kubernetes-1.20.2.json',
);

const KINDS = [
  'ConfigMap',
  'Deployment',
  'Ingress',
  'Namespace',
  'PersistentVolumeClaim',
  'Secret',
  'Service',
  'StatefulSet',
];

/** What older releases do not know, and from which on it is there. */
const NEWER = [
  {
    // An init container that goes on: sidecars are there from 1.28 on.
    pattern: /\/spec\/template\/spec\/initContainers\/\d+: .*"restartPolicy"/,
    until: '1.27',
  },
];

/** Specs of the corpus name containers and volumes that are not there. */
const NOT_DEPLOYABLE = ['MANIFEST_VOLUME_SOURCE', 'SCORE_BEFORE_UNKNOWN'];

const old: OpenApiSchema = JSON.parse(readFileSync(FIXTURE, 'utf8'));
const current = readClientSchema(KINDS);

describe.each([
  [old.release, old],
  [current.release, current],
])('the manifests of Score files on Kubernetes %s', (release, schema) => {
  const problemsOf = manifestValidator(schema);
  const isOld = release === old.release;

  it.each(generatedCases().map(one => [one.name, one.options] as const))(
    '%s',
    (name, options) => {
      const { manifests, diagnostics } = generateManifests(options);
      const errors = diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ code }) => code);
      const allowed = name.startsWith(CORPUS) ? NOT_DEPLOYABLE : [];
      expect(allowed).toEqual(expect.arrayContaining(errors));
      expect(manifests.length > 0).toBe(errors.length === 0);
      const problems = manifests
        .flatMap(problemsOf)
        .filter(
          problem =>
            !(isOld && NEWER.some(({ pattern }) => pattern.test(problem))),
        );
      expect(problems).toEqual([]);
    },
  );

  it('would show fields that are unknown, missing or of another type', () => {
    const manifest = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'wrong' },
      spec: {
        replicaz: 1,
        selector: { matchLabels: { a: 1 } },
        template: { spec: { containers: [{ image: 'a:1' }] } },
      },
    } as KubernetesObject;
    const problems = problemsOf(manifest).join('\n');
    expect(problems).toContain('"replicaz"');
    expect(problems).toContain('matchLabels/a: must be string');
    expect(problems).toContain("must have required property 'name'");
  });
});

it('knows which releases it looks at', () => {
  expect(old.release).toBe('1.20.2');
  expect(current.release).toMatch(/^1\.\d\d$/);
  expect(Number(current.release.split('.')[1])).toBeGreaterThan(28);
});
