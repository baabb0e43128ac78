import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  ApplicationDrift,
  DriftStatus,
  ManifestsDrift,
  ResourceDrift,
  applicationDeployPermission,
  applicationPlanPermission,
  resourceReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl } from '../access/types';
import { ApplicationRecord } from '../applications/types';
import { toOptionalTimestamp, toTimestamp } from '../database';
import { ResourceRecord, ResourceStore } from '../resources/types';
import { ManifestDriftRecord, ManifestDriftStore } from './types';

export interface DriftViewsOptions {
  resources: Pick<ResourceStore, 'listUsedBy'>;
  manifestStore: Pick<ManifestDriftStore, 'get'>;
  access: AccessControl;
}

/** Makes what the API answers about drift. */
export class DriftViews {
  readonly #options: DriftViewsOptions;

  static create(options: DriftViewsOptions): DriftViews {
    return new DriftViews(options);
  }

  private constructor(options: DriftViewsOptions) {
    this.#options = options;
  }

  /** By the last looks, without the resources that the caller may not read. */
  async toDrift(
    application: ApplicationRecord,
    credentials: BackstageCredentials,
  ): Promise<ApplicationDrift> {
    const { resources, manifestStore, access } = this.#options;
    const records = await resources.listUsedBy({
      environment: application.environment,
      workload: application.name,
    });
    const [check, deploy, ...readable] = await access.check(credentials, [
      { permission: applicationPlanPermission, subject: application },
      { permission: applicationDeployPermission, subject: application },
      ...records.map(subject => ({
        permission: resourceReadPermission,
        subject,
      })),
    ]);
    const found = records
      .filter((_, index) => readable[index].allowed)
      .flatMap(toResourceDrift);
    const manifests = await manifestStore.get(application.id);
    const drifted = found.filter(({ status }) => isDrift(status)).length;
    const objects =
      manifests && isDrift(manifests.status) ? manifests.objects.length : 0;
    return {
      status: worstOf([
        ...found.map(({ status }) => status),
        ...(manifests ? [manifests.status] : []),
      ]),
      count: drifted + objects,
      resources: found,
      manifests: manifests && toManifestsDrift(manifests),
      allowedActions: { check, accept: deploy, repair: deploy },
    };
  }
}

function toResourceDrift(record: ResourceRecord): ResourceDrift[] {
  const { id, uid, name, type, drift } = record;
  return drift
    ? [
        {
          id,
          uid,
          name,
          type,
          ...drift,
          since: toOptionalTimestamp(drift.since ?? null),
          checkedAt: toTimestamp(drift.checkedAt),
        },
      ]
    : [];
}

function toManifestsDrift(record: ManifestDriftRecord): ManifestsDrift {
  const { accepted } = record;
  return {
    ...record,
    since: toOptionalTimestamp(record.since ?? null),
    checkedAt: toTimestamp(record.checkedAt),
    accepted: accepted && { ...accepted, at: toTimestamp(accepted.at) },
  };
}

function isDrift(status: DriftStatus): boolean {
  return status === 'drifted' || status === 'missing';
}

function worstOf(statuses: DriftStatus[]): DriftStatus {
  return (
    (['missing', 'drifted', 'unknown', 'none'] as const).find(status =>
      statuses.includes(status),
    ) ?? 'unknown'
  );
}
