import { ResourceManagement } from '../api/types';
import { Report } from '../workflow/compile/report';
import { changingWorkflows } from './management';
import { ProviderResourceType } from './types';

/** Checks that a resource type can be managed the way it says. */
export function checkManagement(
  resourceType: ProviderResourceType,
  place: { report: Report; pointer: string },
): void {
  const problem = contradictionOf(resourceType);
  if (problem) {
    place.report.error(
      'PROVIDER_MANAGEMENT_CONTRADICTED',
      `${place.pointer}/management`,
      `The resource type "${resourceType.type}" is said to be ${resourceType.management}, ${problem}`,
    );
  }
}

function contradictionOf(
  resourceType: ProviderResourceType,
): string | undefined {
  const { management, manifests, outputs, operations } = resourceType;
  const [workflow] = changingWorkflows(resourceType);
  if (management === ResourceManagement.external) {
    if (workflow !== undefined) {
      return `which means that it is there already, but the workflow "${workflow}" makes, changes or deletes it. Remove the workflow, or say "management: native" or "management: delegated".`;
    }
    if (manifests.length > 0) {
      return 'which means that it is there already, but "manifests" delivers objects for it. Remove them, or say "management: native".';
    }
    if (outputs.length === 0 && !operations.create.values) {
      return 'but nothing says where it is. Add "outputs", and "values" that give them.';
    }
  }
  return management === ResourceManagement.delegated &&
    operations.create.workflow === undefined
    ? 'but no workflow asks anybody to make it. Add "operations.create.workflow", or say "management: external" when it is there already.'
    : undefined;
}
