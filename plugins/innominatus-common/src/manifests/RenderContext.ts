import { KubernetesObject, RenderWorkloadOptions } from './types';
import { Problems } from './problems';
import { SecretKeys } from './SecretKeys';
import { TextResolver } from './TextResolver';
import { boundedName } from './names';

export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet'] as const;

export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** What the parts of one rendering share. */
export interface RenderContext {
  options: RenderWorkloadOptions;
  kind: WorkloadKind;
  /** Labels of every object. */
  labels: Record<string, string>;
  problems: Problems;
  texts: TextResolver;
  secretKeys: SecretKeys;
  /** Name of the Secret with what {@link SecretKeys} collects. */
  secretName: string;
}

export function createRenderContext(
  options: RenderWorkloadOptions,
  kind: WorkloadKind,
  problems: Problems,
): RenderContext {
  return {
    options,
    kind,
    labels: workloadLabels(options),
    problems,
    texts: new TextResolver(options, problems),
    secretKeys: new SecretKeys(options),
    secretName: `${options.workload.name}-secrets`,
  };
}

const INSTANCE = 'app.kubernetes.io/instance';
const NAME = 'app.kubernetes.io/name';

/** Labels that never change over the life of an application. */
export function selectorLabels(
  options: RenderWorkloadOptions,
): Record<string, string> {
  return {
    [INSTANCE]: boundedName(options.environment, options.workload.name),
    [NAME]: options.workload.name,
  };
}

function workloadLabels(
  options: RenderWorkloadOptions,
): Record<string, string> {
  const { [INSTANCE]: instance, [NAME]: name } = selectorLabels(options);
  return {
    [INSTANCE]: instance,
    'app.kubernetes.io/managed-by': 'innominatus',
    [NAME]: name,
  };
}

/** The part that all objects have in common. */
export function objectHead(
  type: { apiVersion: string; kind: string },
  name: string,
  context: RenderContext,
): KubernetesObject {
  const { namespace } = context.options;
  return {
    apiVersion: type.apiVersion,
    kind: type.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...context.labels },
    },
  };
}
