import {
  Environment,
  Plan,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl, AccessSubject } from '../access/types';
import {
  DeploymentRules,
  IntendedChange,
} from '../environments/DeploymentRules';
import { permissionFor } from './deploymentActions';
import { planBlockers } from './toPlan';

/**
 * What the caller may do with a plan. The permission is not enough where
 * something blocks the plan, where the environment names who may deploy, and
 * while it is frozen.
 */
export async function planActions(options: {
  plan: Plan;
  subject: AccessSubject;
  change: Omit<IntendedChange, 'environment'> & {
    environment: Environment | undefined;
  };
  access: Pick<AccessControl, 'check'>;
  rules: Pick<DeploymentRules, 'mayDeploy' | 'freezeOf'>;
}): Promise<Plan['allowedActions']> {
  const { plan, subject, change, access, rules } = options;
  const [byPermission] = await access.check(change.credentials, [
    { permission: permissionFor(plan.action), subject },
  ]);
  const [blocker] = planBlockers(plan);
  if (byPermission.allowed && blocker) {
    return { deploy: { allowed: false, reason: blocker.message } };
  }
  const { environment } = change;
  if (!byPermission.allowed || !environment) {
    return { deploy: byPermission };
  }
  const deploy = await rules.mayDeploy({ ...change, environment });
  const freeze = await rules.freezeOf({ ...change, environment });
  if (!freeze) {
    return { deploy };
  }
  const { problem, override } = freeze;
  return {
    deploy:
      deploy.allowed && !override.allowed
        ? { allowed: false, reason: problem }
        : deploy,
    overrideFreeze: override,
  };
}
