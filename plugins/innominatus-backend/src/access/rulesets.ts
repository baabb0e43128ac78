import {
  RESOURCE_TYPE_APPLICATION,
  RESOURCE_TYPE_ENVIRONMENT,
  RESOURCE_TYPE_GOLDEN_PATH,
  RESOURCE_TYPE_RESOURCE,
  RESOURCE_TYPE_RUN,
} from '@innominatus/backstage-plugin-innominatus-common';
import { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  createConditionAuthorizer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import {
  AccessQuery,
  applicationResourceRef,
  environmentResourceRef,
  goldenPathResourceRef,
  resourceResourceRef,
  runResourceRef,
} from './rules';
import { AccessSubject } from './types';

const REFS = {
  [RESOURCE_TYPE_APPLICATION]: applicationResourceRef,
  [RESOURCE_TYPE_RUN]: runResourceRef,
  [RESOURCE_TYPE_RESOURCE]: resourceResourceRef,
  [RESOURCE_TYPE_ENVIRONMENT]: environmentResourceRef,
  [RESOURCE_TYPE_GOLDEN_PATH]: goldenPathResourceRef,
};

/** Evaluates decisions with the rules that the registry knows. */
export class Rulesets {
  readonly #registry: PermissionsRegistryService;

  constructor(registry: PermissionsRegistryService) {
    this.#registry = registry;
  }

  /** Whether the decision lets the subject through. */
  allows(
    resourceType: string,
    decision: PolicyDecision,
    subject: AccessSubject | undefined,
  ): boolean {
    return createConditionAuthorizer(this.#ruleset(resourceType))(
      decision,
      subject ?? {},
    );
  }

  toCriteria(
    resourceType: string,
    decision: Extract<PolicyDecision, { result: 'CONDITIONAL' }>,
  ): PermissionCriteria<AccessQuery> {
    return createConditionTransformer<AccessQuery>(this.#ruleset(resourceType))(
      decision.conditions,
    );
  }

  #ruleset(resourceType: string) {
    const ref = Object.entries(REFS).find(([type]) => type === resourceType);
    if (!ref) {
      throw new Error(
        `There are no permission rules for the resource type '${resourceType}'`,
      );
    }
    return this.#registry.getPermissionRuleset<
      string,
      AccessSubject,
      AccessQuery
    >(ref[1]);
  }
}
