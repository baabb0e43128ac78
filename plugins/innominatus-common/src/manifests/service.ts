import { JsonObject } from '../json';
import { Workload } from '../score/workload';
import { sortedEntries } from './compact';
import { boundedName, isServiceName } from './names';
import { objectHead, RenderContext, selectorLabels } from './RenderContext';
import { KubernetesObject } from './types';

/** Annotation of the workload that names its Service otherwise. */
const ANNOTATION_SERVICE_NAME = 'k8s.score.dev/service-name';

/**
 * Name of the Service of a workload: its own, or the one that it asks for.
 *
 * @public
 */
export function workloadServiceName(
  workload: Pick<Workload, 'annotations' | 'name'>,
): string {
  return workload.annotations[ANNOTATION_SERVICE_NAME] ?? workload.name;
}

function serviceName(context: RenderContext): string {
  return workloadServiceName(context.options.workload);
}

export function headlessServiceName(context: RenderContext): string {
  return boundedName(serviceName(context), 'headless');
}

/**
 * The Service of the workload, if it has ports, and the headless one that a
 * StatefulSet needs for the names of its pods.
 */
export function renderServices(context: RenderContext): KubernetesObject[] {
  const ports = renderPorts(context);
  const statefulSet = context.kind === 'StatefulSet';
  if (ports.length === 0 && !statefulSet) {
    return [];
  }
  if (!isServiceName(serviceName(context))) {
    context.problems.error({
      code: 'MANIFEST_SERVICE_NAME',
      message: `"${serviceName(context)}" cannot be the name of a Service: it has to start with a letter and to consist of lower-case letters, digits and "-".`,
      path: ['metadata', 'name'],
      suggestions: [`Set the annotation "${ANNOTATION_SERVICE_NAME}".`],
    });
  }
  const type = { apiVersion: 'v1', kind: 'Service' };
  const selector = selectorLabels(context.options);
  const services: KubernetesObject[] = [];
  if (statefulSet) {
    services.push({
      ...objectHead(type, headlessServiceName(context), context),
      spec: {
        clusterIP: 'None',
        selector,
        ...(ports.length > 0 ? { ports } : {}),
      },
    });
  }
  if (ports.length > 0) {
    services.push({
      ...objectHead(type, serviceName(context), context),
      spec: { selector, ports },
    });
  }
  return services;
}

function renderPorts(context: RenderContext): JsonObject[] {
  const nameByPort = new Map<string, string>();
  return sortedEntries(context.options.workload.ports).map(([name, port]) => {
    const key = `${port.protocol} ${port.port}`;
    const other = nameByPort.get(key);
    if (other !== undefined) {
      context.problems.error({
        code: 'MANIFEST_DUPLICATE_PORT',
        message: `The service ports "${other}" and "${name}" are both ${key}.`,
        path: ['service', 'ports', name, 'port'],
        suggestions: ['Give one of them another port or protocol.'],
      });
    }
    nameByPort.set(key, name);
    return {
      name,
      port: port.port,
      protocol: port.protocol,
      targetPort: port.targetPort,
    };
  });
}
