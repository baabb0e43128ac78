import { InputError, NotFoundError } from '@backstage/errors';
import {
  PlanWarning,
  canonicalJson,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ApplicationRecord } from '../applications/types';
import { settingsOf } from './inheritedSettings';
import { PlanDeploymentRequest } from './request';
import { DeploymentRecord, DeploymentSettings, DeploymentStore } from './types';

const PAGE = 20;

export interface RollbackTarget {
  revision: number;
  settings?: DeploymentSettings;
  warnings: PlanWarning[];
}

export interface FindRollbackTargetOptions {
  existing: ApplicationRecord;
  /** For messages: the application. */
  label: string;
  target: PlanDeploymentRequest['target'];
  deployments: DeploymentStore;
}

/**
 * What a rollback goes back to: what it names, else what ran well before. Only
 * what succeeded did: a revision that was rejected never ran.
 */
export async function findRollbackTarget(
  options: FindRollbackTargetOptions,
): Promise<RollbackTarget> {
  const { existing, label, deployments, target = {} } = options;
  const { deployment: number, revision } = target;
  if (number !== undefined) {
    const found = await deployments.findByNumber({
      applicationId: existing.id,
      number,
    });
    if (!found) {
      throw new NotFoundError(
        `The application ${label} has no deployment ${number}.`,
      );
    }
    return toTarget(found);
  }
  if (revision !== undefined) {
    const found = await deployments.lastOfRevision({
      applicationId: existing.id,
      revision,
    });
    return found ? toTarget(found) : { revision, warnings: [] };
  }
  const last = await deployments.lastSucceeded(existing.id);
  if (!last) {
    throw new InputError(
      `No deployment of ${label} has succeeded, so there is nothing to go back to. Name a revision or a deployment: "target" in the API, --to on the command line.`,
    );
  }
  // After a failure the last good one is the way back, not the one before.
  const isBroken =
    existing.status === 'failed' || existing.status === 'cancelled';
  const found =
    isBroken || existing.revision === undefined
      ? last
      : await findBefore(last, deployments);
  if (!found) {
    throw new InputError(
      `No deployment of ${label} before deployment ${last.number} has succeeded with another revision, golden path or parameters. Name a revision or a deployment: "target" in the API, --to on the command line.`,
    );
  }
  return toTarget(found);
}

/** The last one that succeeded before and was another thing. */
async function findBefore(
  current: DeploymentRecord,
  deployments: DeploymentStore,
): Promise<DeploymentRecord | undefined> {
  let before = current.number;
  for (;;) {
    const page = await deployments.succeededBefore({
      applicationId: current.applicationId,
      number: before,
      limit: PAGE,
    });
    const found = page.find(item => identityOf(item) !== identityOf(current));
    if (found || page.length < PAGE) {
      return found;
    }
    before = page[page.length - 1].number;
  }
}

function identityOf({ revision, goldenPath, request }: DeploymentRecord) {
  return canonicalJson([revision, goldenPath, request?.parameters ?? {}]);
}

function toTarget(deployment: DeploymentRecord): RollbackTarget {
  const { number, revision, status } = deployment;
  return {
    revision,
    settings: settingsOf(deployment),
    warnings:
      status === 'succeeded'
        ? []
        : [
            {
              code: 'TARGET_DID_NOT_SUCCEED',
              message: `Deployment ${number}, which is gone back to, did not succeed itself: it is ${status}.`,
            },
          ],
  };
}
