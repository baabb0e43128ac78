import {
  applicationDeletePermission,
  applicationDeployPermission,
  applicationPlanPermission,
  applicationReadPermission,
  approvalDecidePermission,
  environmentCreatePermission,
  environmentDeletePermission,
  environmentOverridePermission,
  environmentReadPermission,
  environmentUpdatePermission,
  goldenPathReadPermission,
  goldenPathRunPermission,
  policyReadPermission,
  providerReadPermission,
  providerRefreshPermission,
  resourceCheckPermission,
  resourceReadPermission,
  resourceRevealPermission,
  runControlPermission,
  runReadPermission,
  scoreReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  applicationResourceRef,
  applicationRules,
  environmentResourceRef,
  environmentRules,
  goldenPathResourceRef,
  goldenPathRules,
  resourceResourceRef,
  resourceRules,
  runResourceRef,
  runRules,
} from './rules';

/** Makes permissions and rules known, so that policies can use them. */
export function registerPermissions(
  registry: PermissionsRegistryService,
): void {
  registry.addPermissions([
    scoreReadPermission,
    providerReadPermission,
    providerRefreshPermission,
    policyReadPermission,
  ]);
  registry.addResourceType({
    resourceRef: applicationResourceRef,
    permissions: [
      applicationReadPermission,
      applicationPlanPermission,
      applicationDeployPermission,
      applicationDeletePermission,
    ],
    rules: Object.values(applicationRules),
  });
  registry.addResourceType({
    resourceRef: runResourceRef,
    permissions: [
      runReadPermission,
      runControlPermission,
      approvalDecidePermission,
    ],
    rules: Object.values(runRules),
  });
  registry.addResourceType({
    resourceRef: resourceResourceRef,
    permissions: [
      resourceReadPermission,
      resourceCheckPermission,
      resourceRevealPermission,
    ],
    rules: Object.values(resourceRules),
  });
  registry.addResourceType({
    resourceRef: environmentResourceRef,
    permissions: [
      environmentReadPermission,
      environmentCreatePermission,
      environmentUpdatePermission,
      environmentDeletePermission,
      environmentOverridePermission,
    ],
    rules: Object.values(environmentRules),
  });
  registry.addResourceType({
    resourceRef: goldenPathResourceRef,
    permissions: [goldenPathReadPermission, goldenPathRunPermission],
    rules: Object.values(goldenPathRules),
  });
}
