import { Diagnostic, hasErrors } from '../diagnostics';
import { JsonObject } from '../json';
import {
  fillProviderManifests,
  KubernetesObject,
  renderWorkload,
  sortManifests,
} from '../manifests';
import { readScore } from '../score/readScore';
import { Workload } from '../score/workload';
import { checkGenerateOptions } from './checkGenerateOptions';
import { checkTogether } from './checkTogether';
import { mergeManifests } from './mergeManifests';
import { offlineResources } from './offlineResources';
import { OfflineSecrets } from './OfflineSecrets';
import { PlacedProblems } from './PlacedProblems';
import { linkServicePorts } from './servicePorts';
import { GeneratedManifests, GenerateInput, GenerateOptions } from './types';

/** One spec on its way to manifests. */
export interface ReadSpec {
  input: GenerateInput;
  workload: Workload;
  problems: PlacedProblems;
}

const DEFAULT_ENVIRONMENT = 'development';

/**
 * Makes the Kubernetes objects of Score specs without a backend and without
 * making anything: resources have the outputs that were given, or those of the
 * simulator.
 *
 * @remarks
 * The same input gives the same output, byte for byte, in whatever order the
 * specs come. With an error in one spec there are no manifests at all. Never
 * throws and never reads files.
 *
 * @public
 */
export function generateManifests(
  options: GenerateOptions,
): GeneratedManifests {
  const wrong = checkGenerateOptions(options);
  if (wrong.length > 0) {
    return failed(wrong);
  }
  const { specs, diagnostics } = readSpecs(options);
  const inOrder = specs.sort((a, b) =>
    a.workload.name < b.workload.name ? -1 : 1,
  );
  checkTogether(inOrder);
  const all = () =>
    sortByFile([
      ...diagnostics,
      ...inOrder.flatMap(({ problems }) => problems.list()),
    ]);
  if (hasErrors(all())) {
    return failed(all());
  }
  const secrets = new OfflineSecrets();
  const rendered = inOrder.map(spec => ({
    spec,
    manifests: render(spec, { ...options, secrets, specs: inOrder }),
  }));
  const manifests = mergeManifests(rendered);
  if (hasErrors(all())) {
    return failed(all());
  }
  return {
    valid: true,
    diagnostics: all(),
    manifests: sortManifests([
      ...namespaceOf(options),
      ...manifests.map(manifest => secrets.reveal(manifest)),
    ]),
  };
}

function failed(diagnostics: Diagnostic[]): GeneratedManifests {
  return { valid: false, diagnostics, manifests: [] };
}

function readSpecs(options: GenerateOptions): {
  specs: ReadSpec[];
  diagnostics: Diagnostic[];
} {
  const { image, overrides, overrideProperties } = options;
  const specs: ReadSpec[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const input of options.specs) {
    const read = readScore(input.score, {
      file: input.file,
      sources: input.sources,
      image,
      overrides,
      overrideProperties,
      deployable: true,
    });
    diagnostics.push(...read.diagnostics);
    if (read.workload) {
      const problems = PlacedProblems.create(input);
      specs.push({ input, workload: read.workload, problems });
    }
  }
  return { specs, diagnostics };
}

function render(
  { workload, problems }: ReadSpec,
  options: Omit<GenerateOptions, 'specs'> & {
    secrets: OfflineSecrets;
    specs: ReadSpec[];
  },
): KubernetesObject[] {
  const name = options.environment ?? DEFAULT_ENVIRONMENT;
  const environment: JsonObject = {
    name,
    type: name,
    target: 'folder',
    namespace: options.namespace ?? 'default',
  };
  const resources = linkServicePorts(
    offlineResources({
      workload,
      environment,
      outputs: options.outputs ?? {},
      secrets: options.secrets,
      problems,
    }),
    { workloads: options.specs.map(spec => spec.workload), problems },
  );
  const provided = fillProviderManifests(resources, { workload, environment });
  const { manifests, diagnostics } = renderWorkload({
    workload,
    environment: name,
    namespace: options.namespace,
    resources: Object.fromEntries(
      resources.map(({ name: key, outputs }) => [key, { outputs }]),
    ),
    extraManifests: provided.manifests,
  });
  for (const diagnostic of [...provided.diagnostics, ...diagnostics]) {
    problems.place(diagnostic);
  }
  return manifests;
}

function namespaceOf(options: GenerateOptions): KubernetesObject[] {
  const { namespace, generateNamespace } = options;
  return generateNamespace && namespace !== undefined
    ? [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: {
            name: namespace,
            labels: { 'app.kubernetes.io/managed-by': 'innominatus' },
          },
        },
      ]
    : [];
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

function sortByFile(diagnostics: Diagnostic[]): Diagnostic[] {
  const compare = (a = '', b = '') => (a === b ? 0 : Number(a > b) || -1);
  return [...diagnostics].sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column,
  );
}
