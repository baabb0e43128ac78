import {
  DeploymentAction,
  PlanWarning,
  PlannedManifest,
  PlannedResource,
  Workload,
} from '@innominatus/backstage-plugin-innominatus-common';
import { statedProduct } from '../policies/productOf';
import { ResourcePlan } from './planResources';

/** Objects of Kubernetes that take what they store with them. */
const KINDS_WITH_DATA = ['PersistentVolumeClaim', 'PersistentVolume'];

/** What a person should know before saying yes. */
export function planWarnings(options: {
  action: DeploymentAction;
  workload: Workload;
  /** Name of the system in the catalog. */
  system?: string;
  resources: PlannedResource[];
  manifests: PlannedManifest[];
  /** Who else uses the resources, by their names. */
  others: Map<string, ResourcePlan['others']>;
}): PlanWarning[] {
  const { action, workload, resources, manifests, others } = options;
  const isEnding = action === 'delete' || action === 'deprovision';
  return [
    ...resources.flatMap(resource =>
      warningOf(resource, others.get(resource.name)),
    ),
    ...manifests
      .filter(
        item => item.action === 'delete' && KINDS_WITH_DATA.includes(item.kind),
      )
      .map(item => ({
        code: 'DATA_DESTROYED',
        message: `${item.kind} "${item.name}" is deleted together with what is stored in it.`,
      })),
    ...(isEnding ? [] : otherProduct(workload, options.system)),
    ...(isEnding ? [] : looseImages(workload)),
  ];
}

/** Policies go by the catalog, whatever the spec says. */
function otherProduct(workload: Workload, system?: string): PlanWarning[] {
  const stated = statedProduct(workload);
  return system === undefined || stated === undefined || stated === system
    ? []
    : [
        {
          code: 'PRODUCT_NOT_OF_CATALOG',
          message: `The Score spec says that "${workload.name}" belongs to the product "${stated}", and the catalog that it is part of the system "${system}". Policies go by the catalog.`,
        },
      ];
}

function warningOf(
  resource: PlannedResource,
  others: ResourcePlan['others'] = { names: [], followers: [] },
): PlanWarning[] {
  const { name, type } = resource;
  if (resource.action === 'delete' && resource.management === 'external') {
    return [
      {
        code: 'RESOURCE_STAYS',
        message: `The resource "${name}" (${type}) is only forgotten here; what it refers to stays as it is.`,
        resource: name,
      },
    ];
  }
  if (resource.action === 'delete') {
    return [
      {
        code: 'DATA_DESTROYED',
        message: `The resource "${name}" (${type}) is deleted together with what is stored in it.`,
        resource: name,
      },
    ];
  }
  if (resource.unused) {
    return [
      {
        code: 'RESOURCE_UNUSED',
        message: `The resource "${name}" (${type}) stays although the workload does not ask for it any more.`,
        resource: name,
      },
    ];
  }
  const { names, followers } = others;
  const follow =
    followers.length > 0
      ? ` ${listed(followers)} still say otherwise, and have to say the same with their next deployment.`
      : '';
  return resource.action === 'update' && names.length > 0
    ? [
        {
          code: 'SHARED_RESOURCE_CHANGED',
          message: `The shared resource "${name}" (${type}) changes for ${listed(names)} as well.${follow}`,
          resource: name,
        },
      ]
    : [];
}

function listed(names: string[]): string {
  return names.map(name => `"${name}"`).join(', ');
}

/** The same name may mean another image tomorrow. */
function looseImages(workload: Workload): PlanWarning[] {
  return Object.entries(workload.containers).flatMap(([name, { image }]) => {
    const tag = /:([^/:@]+)$/.exec(image)?.[1];
    const isFixed =
      image.includes('@') || (tag !== undefined && tag !== 'latest');
    return isFixed || image === '.'
      ? []
      : [
          {
            code: 'IMAGE_NOT_FIXED',
            message: `The container "${name}" runs "${image}", which may be another image tomorrow. Name a version or a digest.`,
          },
        ];
  });
}
