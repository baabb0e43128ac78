import { ProvidedResource, workloadServiceName } from '../manifests';
import { Workload } from '../score/workload';
import { PlacedProblems } from './PlacedProblems';

const TYPE = 'service-port';

/**
 * Gives resources of type `service-port` the name and the port number of the
 * Service they mean. The port is named by its name or number in the other
 * spec, which can only be looked up when that spec is here.
 */
export function linkServicePorts(
  resources: ProvidedResource[],
  options: { workloads: readonly Workload[]; problems: PlacedProblems },
): ProvidedResource[] {
  const { workloads, problems } = options;
  return resources.map(resource => {
    const { type, name, params } = resource;
    const target = workloads.find(item => item.name === params.workload);
    // Given outputs need no look-up, and have no templates of ours.
    const wanted = String(resource.outputs.port ?? '');
    if (type !== TYPE || wanted !== String(params.port ?? '')) {
      return resource;
    }
    if (!target) {
      if (!/^\d+$/.test(wanted)) {
        problems.warning({
          code: 'GENERATE_PORT_NAME',
          message: `The port "${wanted}" of the workload "${params.workload}" has no number here, because its Score file was not given.`,
          path: ['resources', name, 'params', 'port'],
          suggestions: [
            'Generate both Score files together.',
            'Write the number of the port.',
          ],
        });
      }
      return resource;
    }
    const port = Object.hasOwn(target.ports, wanted)
      ? target.ports[wanted]
      : Object.values(target.ports).find(item => String(item.port) === wanted);
    if (!port) {
      problems.error({
        code: 'GENERATE_PORT_UNKNOWN',
        message: `The workload "${target.name}" has no service port "${wanted}".`,
        path: ['resources', name, 'params', 'port'],
        suggestions: Object.keys(target.ports).map(item => `Write "${item}".`),
      });
      return resource;
    }
    return {
      ...resource,
      outputs: {
        ...resource.outputs,
        hostname: workloadServiceName(target),
        port: port.port,
      },
    };
  });
}
