import { JsonObject } from '../json';
import { WorkloadContainer } from '../score/workload';
import { findForgedSecret } from '../workflow/secretToken';
import { sortedEntries } from './compact';
import { RenderedContainer, renderContainer } from './containers';
import { adoptManifests } from './extraManifests';
import { RenderedMount } from './files';
import { identityOf } from './identity';
import { isLabelValue } from './names';
import { sortManifests } from './order';
import { Problems } from './problems';
import {
  createRenderContext,
  objectHead,
  RenderContext,
  selectorLabels,
  WORKLOAD_KINDS,
  WorkloadKind,
} from './RenderContext';
import { headlessServiceName, renderServices } from './service';
import { shortHash } from './shortHash';
import { StartPosition, startOrder } from './startOrder';
import {
  KubernetesObject,
  RenderedWorkload,
  RenderWorkloadOptions,
} from './types';

const ANNOTATION_KIND = 'k8s.score.dev/kind';
const ANNOTATION_WORKLOAD_NAME = 'k8s.score.dev/workload-name';
const ANNOTATION_CONFIG_HASH = 'innominatus.dev/config-hash';
const LABEL_VERSION = 'app.kubernetes.io/version';
const SCORE_ANNOTATION_PREFIX = 'k8s.score.dev/';

/**
 * Makes the Kubernetes objects of a workload.
 *
 * @remarks
 * The same input gives the same output, byte for byte: nothing is random and
 * nothing depends on the order of keys, except that containers keep the order
 * of the spec. Values of secrets are never here; what refers to them stands as
 * a marker in the `stringData` of a Secret and is replaced right before it is
 * sent to the cluster.
 *
 * The number of replicas is left open, so that autoscalers and people keep
 * theirs.
 *
 * @public
 */
export function renderWorkload(
  options: RenderWorkloadOptions,
): RenderedWorkload {
  const problems = new Problems();
  const context = createRenderContext(
    options,
    workloadKind(options, problems),
    problems,
  );
  refuseForgedSecrets(options, problems);
  const order = startOrder(options.workload.containers);
  const containers = order.map(position => ({
    position,
    rendered: renderContainer(position, context),
  }));
  const mounts = containers.flatMap(({ rendered }) => rendered.mounts);
  const configuration = [
    ...unique(mounts.flatMap(({ object }) => (object ? [object] : []))),
    ...renderSecret(context),
  ];
  const manifests = [
    ...adoptManifests(context),
    ...configuration,
    ...renderServices(context),
    renderController({ containers, mounts, configuration, context }),
  ];
  refuseDuplicates(manifests, problems);
  return {
    manifests: sortManifests(manifests),
    diagnostics: problems.list(),
  };
}

function workloadKind(
  options: RenderWorkloadOptions,
  problems: Problems,
): WorkloadKind {
  const asked = options.workload.annotations[ANNOTATION_KIND] ?? 'Deployment';
  const kind = WORKLOAD_KINDS.find(known => known === asked);
  if (kind === undefined) {
    problems.error({
      code: 'MANIFEST_KIND_UNSUPPORTED',
      message: `The annotation "${ANNOTATION_KIND}" is "${asked}", expected one of: ${WORKLOAD_KINDS.join(', ')}.`,
      path: ['metadata', 'annotations', ANNOTATION_KIND],
    });
  }
  return kind ?? 'Deployment';
}

/** A marker in the spec would pick any secret that its author can name. */
function refuseForgedSecrets(
  options: RenderWorkloadOptions,
  problems: Problems,
): void {
  const { metadata, containers } = options.workload;
  for (const [root, value] of Object.entries({ metadata, containers })) {
    const pointer = findForgedSecret(JSON.parse(JSON.stringify(value)));
    if (pointer !== undefined) {
      problems.error({
        code: 'MANIFEST_SECRET_FORGED',
        message:
          'A text of the spec looks like the marker of a secret, which only innominatus makes.',
        path: [root, ...pointer.split('/').slice(1)],
        suggestions: [
          'Refer to the secret with a placeholder, for example "${resources.db.password}".',
        ],
      });
    }
  }
}

/** Tag of the first image that keeps running. */
function imageVersion(
  options: RenderWorkloadOptions,
  order: StartPosition[],
): string | undefined {
  const main = Object.keys(options.workload.containers).find(name =>
    order.some(position => position.name === name && position.role === 'main'),
  );
  const container: WorkloadContainer | undefined =
    main === undefined ? undefined : options.workload.containers[main];
  const [image] = (container?.image ?? '').split('@');
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag !== undefined && isLabelValue(tag) ? tag : undefined;
}

function renderSecret(context: RenderContext): KubernetesObject[] {
  const stringData = context.secretKeys.stringData();
  if (Object.keys(stringData).length === 0) {
    return [];
  }
  const type = { apiVersion: 'v1', kind: 'Secret' };
  return [
    {
      ...objectHead(type, context.secretName, context),
      type: 'Opaque',
      stringData,
    },
  ];
}

function renderController(parts: {
  containers: Array<{ position: StartPosition; rendered: RenderedContainer }>;
  mounts: RenderedMount[];
  configuration: KubernetesObject[];
  context: RenderContext;
}): KubernetesObject {
  const { containers, mounts, configuration, context } = parts;
  const { options, kind } = context;
  const inRole = (init: boolean) =>
    containers
      .filter(({ position }) => (position.role !== 'main') === init)
      .map(({ rendered }) => rendered.container);
  const names = Object.keys(options.workload.containers);
  const main = inRole(false).sort(
    (a, b) => names.indexOf(String(a.name)) - names.indexOf(String(b.name)),
  );
  const init = inRole(true);
  const volumes = unique(
    mounts.flatMap(({ volume }) => (volume ? [volume] : [])),
  );
  const claims = unique(
    mounts.flatMap(({ claimTemplate }) =>
      claimTemplate ? [claimTemplate] : [],
    ),
  );
  const annotations = podAnnotations(configuration, options);
  // Only here: a new image should not touch the other objects.
  const version = imageVersion(
    options,
    containers.map(({ position }) => position),
  );
  const labels = {
    ...context.labels,
    ...(version === undefined ? {} : { [LABEL_VERSION]: version }),
  };
  const head = objectHead(
    { apiVersion: 'apps/v1', kind },
    options.workload.name,
    context,
  );
  return {
    ...head,
    metadata: {
      ...head.metadata,
      labels,
      annotations: { [ANNOTATION_WORKLOAD_NAME]: options.workload.name },
    },
    spec: {
      ...(kind === 'StatefulSet'
        ? { serviceName: headlessServiceName(context) }
        : {}),
      selector: { matchLabels: selectorLabels(options) },
      template: {
        metadata: {
          labels: { ...labels },
          ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
        },
        spec: {
          ...(init.length > 0 ? { initContainers: init } : {}),
          containers: main,
          ...(volumes.length > 0 ? { volumes } : {}),
        },
      },
      ...(claims.length > 0 ? { volumeClaimTemplates: claims } : {}),
    },
  };
}

/**
 * Annotations of the pods. The hash makes them restart when a file or a
 * reference to a secret changes, which the pod template would not show.
 */
function podAnnotations(
  configuration: KubernetesObject[],
  options: RenderWorkloadOptions,
): JsonObject {
  const own = sortedEntries(options.workload.annotations).filter(
    ([name]) => !name.startsWith(SCORE_ANNOTATION_PREFIX),
  );
  const content = configuration
    .filter(({ kind }) => kind === 'ConfigMap' || kind === 'Secret')
    .map(({ kind, metadata, data, binaryData, stringData }) =>
      JSON.stringify([kind, metadata.name, data, binaryData, stringData]),
    );
  return Object.fromEntries([
    ...own,
    ...(content.length > 0
      ? [[ANNOTATION_CONFIG_HASH, shortHash(content)]]
      : []),
  ]);
}

/** The same volume in two containers is one volume of the pod. */
function unique<T extends JsonObject>(items: T[]): T[] {
  return [...new Map(items.map(item => [JSON.stringify(item), item])).values()];
}

function refuseDuplicates(
  manifests: KubernetesObject[],
  problems: Problems,
): void {
  const seen = new Set<string>();
  for (const manifest of manifests) {
    const identity = identityOf(manifest);
    if (seen.has(identity)) {
      problems.error({
        code: 'MANIFEST_DUPLICATE',
        message: `Two manifests are the same object: ${manifest.kind} "${manifest.metadata.name}".`,
        path: ['resources'],
        suggestions: [
          'Give the objects of a provider names with the slug of the resource.',
        ],
      });
    }
    seen.add(identity);
  }
}
