import {
  BasicPermission,
  Permission,
  ResourcePermission,
  createPermission,
} from '@backstage/plugin-permission-common';

/** @public */
export const RESOURCE_TYPE_APPLICATION = 'innominatus-application';
/** @public */
export const RESOURCE_TYPE_RUN = 'innominatus-run';
/** @public */
export const RESOURCE_TYPE_RESOURCE = 'innominatus-resource';
/** @public */
export const RESOURCE_TYPE_GOLDEN_PATH = 'innominatus-golden-path';
/** @public */
export const RESOURCE_TYPE_ENVIRONMENT = 'innominatus-environment';

/** Check and explain Score specs. @public */
export const scoreReadPermission: BasicPermission = createPermission({
  name: 'innominatus.score.read',
  attributes: { action: 'read' },
});

/** @public */
export const applicationReadPermission: ResourcePermission<
  typeof RESOURCE_TYPE_APPLICATION
> = createPermission({
  name: 'innominatus.application.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_APPLICATION,
});

/** @public */
export const applicationPlanPermission: ResourcePermission<
  typeof RESOURCE_TYPE_APPLICATION
> = createPermission({
  name: 'innominatus.application.plan',
  attributes: {},
  resourceType: RESOURCE_TYPE_APPLICATION,
});

/** @public */
export const applicationDeployPermission: ResourcePermission<
  typeof RESOURCE_TYPE_APPLICATION
> = createPermission({
  name: 'innominatus.application.deploy',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_APPLICATION,
});

/** @public */
export const applicationDeletePermission: ResourcePermission<
  typeof RESOURCE_TYPE_APPLICATION
> = createPermission({
  name: 'innominatus.application.delete',
  attributes: { action: 'delete' },
  resourceType: RESOURCE_TYPE_APPLICATION,
});

/** @public */
export const runReadPermission: ResourcePermission<typeof RESOURCE_TYPE_RUN> =
  createPermission({
    name: 'innominatus.run.read',
    attributes: { action: 'read' },
    resourceType: RESOURCE_TYPE_RUN,
  });

/** Cancel, pause, resume and retry a run. @public */
export const runControlPermission: ResourcePermission<
  typeof RESOURCE_TYPE_RUN
> = createPermission({
  name: 'innominatus.run.control',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_RUN,
});

/** Approve and reject what steps of a run ask. @public */
export const approvalDecidePermission: ResourcePermission<
  typeof RESOURCE_TYPE_RUN
> = createPermission({
  name: 'innominatus.approval.decide',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_RUN,
});

/** @public */
export const goldenPathReadPermission: ResourcePermission<
  typeof RESOURCE_TYPE_GOLDEN_PATH
> = createPermission({
  name: 'innominatus.goldenPath.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_GOLDEN_PATH,
});

/** @public */
export const goldenPathRunPermission: ResourcePermission<
  typeof RESOURCE_TYPE_GOLDEN_PATH
> = createPermission({
  name: 'innominatus.goldenPath.run',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_GOLDEN_PATH,
});

/** @public */
export const resourceReadPermission: ResourcePermission<
  typeof RESOURCE_TYPE_RESOURCE
> = createPermission({
  name: 'innominatus.resource.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_RESOURCE,
});

/** Check the health of a resource now. @public */
export const resourceCheckPermission: ResourcePermission<
  typeof RESOURCE_TYPE_RESOURCE
> = createPermission({
  name: 'innominatus.resource.check',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_RESOURCE,
});

/**
 * See secret outputs of a resource. Not of the kind `read`, so that a policy
 * that lets everybody read does not hand out secrets.
 *
 * @public
 */
export const resourceRevealPermission: ResourcePermission<
  typeof RESOURCE_TYPE_RESOURCE
> = createPermission({
  name: 'innominatus.resource.reveal',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_RESOURCE,
});

/** @public */
export const environmentReadPermission: ResourcePermission<
  typeof RESOURCE_TYPE_ENVIRONMENT
> = createPermission({
  name: 'innominatus.environment.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** Make environments, also short-lived ones. @public */
export const environmentCreatePermission: ResourcePermission<
  typeof RESOURCE_TYPE_ENVIRONMENT
> = createPermission({
  name: 'innominatus.environment.create',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** Change environments, and let them live longer. @public */
export const environmentUpdatePermission: ResourcePermission<
  typeof RESOURCE_TYPE_ENVIRONMENT
> = createPermission({
  name: 'innominatus.environment.update',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** Remove environments with everything in them. @public */
export const environmentDeletePermission: ResourcePermission<
  typeof RESOURCE_TYPE_ENVIRONMENT
> = createPermission({
  name: 'innominatus.environment.delete',
  attributes: { action: 'delete' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** Deploy in a freeze window. @public */
export const environmentOverridePermission: ResourcePermission<
  typeof RESOURCE_TYPE_ENVIRONMENT
> = createPermission({
  name: 'innominatus.environment.override',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/** @public */
export const providerReadPermission: BasicPermission = createPermission({
  name: 'innominatus.provider.read',
  attributes: { action: 'read' },
});

/** Read environments, golden paths and providers again. @public */
export const providerRefreshPermission: BasicPermission = createPermission({
  name: 'innominatus.provider.refresh',
  attributes: { action: 'update' },
});

/** Read policies, and try them. @public */
export const policyReadPermission: BasicPermission = createPermission({
  name: 'innominatus.policy.read',
  attributes: { action: 'read' },
});

/**
 * Every permission of innominatus.
 *
 * @public
 */
export const innominatusPermissions: Permission[] = [
  scoreReadPermission,
  applicationReadPermission,
  applicationPlanPermission,
  applicationDeployPermission,
  applicationDeletePermission,
  runReadPermission,
  runControlPermission,
  approvalDecidePermission,
  goldenPathReadPermission,
  goldenPathRunPermission,
  resourceReadPermission,
  resourceCheckPermission,
  resourceRevealPermission,
  environmentReadPermission,
  environmentCreatePermission,
  environmentUpdatePermission,
  environmentDeletePermission,
  environmentOverridePermission,
  providerReadPermission,
  providerRefreshPermission,
  policyReadPermission,
];
