import {
  DriftStatus,
  ManifestDrift,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  fromOptionalJson,
  isPostgres,
  nowMs,
  nowPlusMs,
  toNumber,
  toOptionalNumber,
} from '../database';
import { sha256Of } from '../deployments/sha256';
import {
  ManifestClaim,
  ManifestDriftRecord,
  ManifestDriftStore,
  ManifestLook,
} from './types';

interface ManifestDriftRow {
  application_id: string;
  status: DriftStatus | null;
  message: string | null;
  objects: string | null;
  object_count: number;
  version: string | null;
  accepted_version: string | null;
  accepted_by: string | null;
  accepted_reason: string | null;
  accepted_at: number | string | null;
  since: number | string | null;
  checked_at: number | string | null;
  due_at: number | string | null;
}

/** Nothing was looked at, and nothing is accepted. */
const NOTHING_FOUND = {
  status: null,
  message: null,
  objects: null,
  object_count: 0,
  version: null,
  accepted_version: null,
  accepted_by: null,
  accepted_reason: null,
  accepted_at: null,
  since: null,
  checked_at: null,
};

/** Drift of manifests, one row for each application that delivers some. */
export class DatabaseManifestDriftStore implements ManifestDriftStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseManifestDriftStore {
    return new DatabaseManifestDriftStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async claimDue(options: {
    limit: number;
    leaseMs: number;
  }): Promise<ManifestClaim[]> {
    const knex = this.#knex;
    const due = knex('manifest_drift as m')
      .where('m.due_at', '<=', nowMs(knex))
      .whereExists(
        knex('applications as a')
          .whereRaw('?? = ??', ['a.id', 'm.application_id'])
          .whereNot('a.status', 'pending')
          .whereNull('a.deleted_at')
          .select(knex.raw('1')),
      )
      .orderBy('m.due_at')
      .limit(options.limit)
      .select('m.application_id');
    if (isPostgres(knex)) {
      due.forUpdate().skipLocked();
    }
    const rows: ManifestDriftRow[] = await knex('manifest_drift')
      .whereIn('application_id', due)
      .update({ due_at: nowPlusMs(knex, options.leaseMs) })
      .returning('*');
    return rows.map(toClaim);
  }

  async claim(options: {
    applicationId: string;
    leaseMs: number;
  }): Promise<ManifestClaim | undefined> {
    const { applicationId, leaseMs } = options;
    const [row]: ManifestDriftRow[] = await this.#knex('manifest_drift')
      .insert({
        application_id: applicationId,
        object_count: 0,
        due_at: nowPlusMs(this.#knex, leaseMs),
      })
      .onConflict('application_id')
      .merge(['due_at'])
      .returning('*');
    return row && toClaim(row);
  }

  async record(options: {
    claim: ManifestClaim;
    look: ManifestLook;
    nextInMs: number;
  }): Promise<{ isNew: boolean } | undefined> {
    const { claim, look, nextInMs } = options;
    const knex = this.#knex;
    return knex.transaction(async transaction => {
      const before: ManifestDriftRow | undefined = await transaction(
        'manifest_drift',
      )
        .where({ application_id: claim.applicationId, due_at: claim.token })
        .first();
      if (!before) {
        return undefined;
      }
      const version = versionOfManifests(look);
      const isAccepted = before.accepted_version === version;
      const status = isAccepted ? 'none' : look.status;
      const isDrift = status === 'drifted' || status === 'missing';
      const changed = await transaction('manifest_drift')
        .where({ application_id: claim.applicationId, due_at: claim.token })
        .update({
          status,
          message: look.message ?? null,
          objects: JSON.stringify(look.objects),
          object_count: look.objects.length,
          version,
          checked_at: nowMs(transaction),
          due_at: nowPlusMs(transaction, nextInMs),
          ...(isDrift && before.since === null
            ? { since: nowMs(transaction) }
            : {}),
          ...(status === 'none' ? { since: null } : {}),
        });
      return changed === 1
        ? { isNew: isDrift && before.since === null }
        : undefined;
    });
  }

  async postpone(claim: ManifestClaim, nextInMs: number): Promise<void> {
    await this.#knex('manifest_drift')
      .where({ application_id: claim.applicationId, due_at: claim.token })
      .update({ due_at: nowPlusMs(this.#knex, nextInMs) });
  }

  async release(claim: ManifestClaim): Promise<void> {
    await this.#knex('manifest_drift')
      .where({ application_id: claim.applicationId, due_at: claim.token })
      .update({ ...NOTHING_FOUND, due_at: null });
  }

  async get(applicationId: string): Promise<ManifestDriftRecord | undefined> {
    const row: ManifestDriftRow | undefined = await this.#knex('manifest_drift')
      .where({ application_id: applicationId })
      .first();
    return row && toRecord(row);
  }

  async accept(options: {
    applicationId: string;
    version: string;
    by: string;
    reason: string;
  }): Promise<boolean> {
    const { applicationId, version, by, reason } = options;
    const changed = await this.#knex('manifest_drift')
      .where({ application_id: applicationId, version })
      .whereIn('status', ['drifted', 'missing'])
      .update({
        status: 'none',
        since: null,
        accepted_version: version,
        accepted_by: by,
        accepted_reason: reason,
        accepted_at: nowMs(this.#knex),
      });
    return changed === 1;
  }

  async reset(applicationId: string, dueInMs: number): Promise<void> {
    const row = {
      application_id: applicationId,
      ...NOTHING_FOUND,
      due_at: nowPlusMs(this.#knex, dueInMs),
    };
    await this.#knex('manifest_drift')
      .insert(row)
      .onConflict('application_id')
      .merge();
  }

  async remove(applicationId: string): Promise<void> {
    await this.#knex('manifest_drift')
      .where({ application_id: applicationId })
      .delete();
  }
}

function versionOfManifests(look: ManifestLook): string {
  return sha256Of(
    look.objects.map((object: ManifestDrift) => [
      object.status,
      object.apiVersion,
      object.kind,
      object.namespace ?? '',
      object.name,
      object.after ?? '',
    ]),
  );
}

function toClaim(row: ManifestDriftRow): ManifestClaim {
  return { applicationId: row.application_id, token: toNumber(row.due_at) };
}

function toRecord(row: ManifestDriftRow): ManifestDriftRecord | undefined {
  if (row.status === null) {
    return undefined;
  }
  const { accepted_by: by, accepted_at: at } = row;
  return {
    status: row.status,
    message: row.message ?? undefined,
    objects: fromOptionalJson(row.objects) ?? [],
    version: row.version ?? '',
    since: toOptionalNumber(row.since),
    checkedAt: toNumber(row.checked_at),
    accepted:
      by !== null && at !== null && row.accepted_version === row.version
        ? { by, at: toNumber(at), reason: row.accepted_reason ?? '' }
        : undefined,
  };
}
