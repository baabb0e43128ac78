import { JsonObject, JsonValue } from '../json';
import { WorkloadProbe } from '../score/workload';
import { compact } from './compact';
import { renderComputeResources } from './computeResources';
import { renderVariables } from './environmentVariables';
import { escapeExpansion } from './expansion';
import { RenderedMount, renderFiles } from './files';
import { RenderContext } from './RenderContext';
import { StartPosition } from './startOrder';
import { renderVolumes } from './volumes';

export interface RenderedContainer {
  container: JsonObject;
  mounts: RenderedMount[];
}

export function renderContainer(
  position: StartPosition,
  context: RenderContext,
): RenderedContainer {
  const { name, role } = position;
  const container = context.options.workload.containers[name];
  const path = ['containers', name];
  if (container.image === '.') {
    context.problems.error({
      code: 'MANIFEST_IMAGE_MISSING',
      message: `Container "${name}" has the image ".", which has to be given when the workload is deployed.`,
      path: [...path, 'image'],
      suggestions: [
        `Add the override "containers.${name}.image=registry/name:tag".`,
      ],
    });
  }
  const mounts = [
    ...renderFiles(name, context),
    ...renderVolumes(name, context),
  ];
  checkTargets(name, context);
  const variables = renderVariables(name, context);
  return {
    mounts,
    container: compact({
      name,
      image: container.image,
      restartPolicy: role === 'sidecar' ? 'Always' : undefined,
      // Score has no variables here, so what looks like one is meant literally.
      command: container.command?.map(word => escapeExpansion(word)),
      args: container.args?.map(word => escapeExpansion(word)),
      env: variables.length > 0 ? variables : undefined,
      resources: renderComputeResources(name, context),
      ...renderProbes(position, context),
      volumeMounts:
        mounts.length > 0 ? mounts.map(({ mount }) => mount) : undefined,
    }),
  };
}

/** Kubernetes refuses two mounts on one path, and a colon in it. */
function checkTargets(name: string, context: RenderContext): void {
  const { files, volumes } = context.options.workload.containers[name];
  for (const target of Object.keys(files)) {
    if (Object.hasOwn(volumes, target)) {
      context.problems.error({
        code: 'MANIFEST_DUPLICATE_TARGET',
        message: `Container "${name}" has both a file and a volume at "${target}".`,
        path: ['containers', name, 'volumes', target],
        suggestions: ['Give one of them another target.'],
      });
    }
  }
  for (const [key, targets] of Object.entries({ files, volumes })) {
    for (const target of Object.keys(targets)) {
      if (target.includes(':')) {
        context.problems.error({
          code: 'MANIFEST_TARGET',
          message: `The target "${target}" of container "${name}" has a ":", which Kubernetes does not accept in a path.`,
          path: ['containers', name, key, target],
          suggestions: ['Choose a path without ":".'],
        });
      }
    }
  }
}

function renderProbes(
  position: StartPosition,
  context: RenderContext,
): Record<string, JsonValue | undefined> {
  const { name, role, awaitHealth } = position;
  const { livenessProbe, readinessProbe } =
    context.options.workload.containers[name];
  if (role === 'init') {
    if (livenessProbe !== undefined || readinessProbe !== undefined) {
      context.problems.warning({
        code: 'MANIFEST_PROBE_IGNORED',
        message: `Container "${name}" runs to its end before others start; Kubernetes has no probes for that, so they are left out.`,
        path: ['containers', name],
      });
    }
    return {};
  }
  for (const [key, probe] of Object.entries({
    livenessProbe,
    readinessProbe,
  })) {
    if (probe?.httpGet !== undefined && probe.exec !== undefined) {
      context.problems.warning({
        code: 'MANIFEST_PROBE_TWICE',
        message: `The ${key} of container "${name}" has both "httpGet" and "exec"; Kubernetes allows one of them, so "exec" is left out.`,
        path: ['containers', name, key, 'exec'],
        suggestions: ['Keep the one that is meant and delete the other.'],
      });
    }
  }
  const health = readinessProbe ?? livenessProbe;
  if (awaitHealth && health === undefined) {
    context.problems.warning({
      code: 'MANIFEST_HEALTH_UNKNOWN',
      message: `Others wait until container "${name}" is healthy, but it has no probe; they start as soon as it has started.`,
      path: ['containers', name, 'before'],
      suggestions: ['Add a readinessProbe.'],
    });
  }
  return {
    livenessProbe: livenessProbe && renderProbe(livenessProbe),
    readinessProbe: readinessProbe && renderProbe(readinessProbe),
    startupProbe:
      awaitHealth && health !== undefined
        ? // One that is slow to start gets five minutes; the default of
          // Kubernetes restarts it after half a minute.
          { ...renderProbe(health), periodSeconds: 2, failureThreshold: 150 }
        : undefined,
  };
}

/** With both kinds given, `httpGet` counts, as in the other implementations. */
function renderProbe(probe: WorkloadProbe): JsonObject {
  if (probe.httpGet === undefined) {
    return { exec: { command: probe.exec?.command ?? [] } };
  }
  const { path, port, host, scheme, httpHeaders } = probe.httpGet;
  return {
    httpGet: compact({
      path,
      port,
      host,
      scheme,
      httpHeaders: httpHeaders?.map(header => ({
        name: header.name,
        value: header.value,
      })),
    }),
  };
}
