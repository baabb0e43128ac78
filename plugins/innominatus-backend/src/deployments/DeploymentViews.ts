import {
  DeploymentSummary,
  RunStatus,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { toOptionalTimestamp, toTimestamp } from '../database';
import { DeploymentRecord } from './types';

/** Makes what the API answers out of stored deployments. */
export class DeploymentViews {
  readonly #knex: Knex;

  static create(knex: Knex): DeploymentViews {
    return new DeploymentViews(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async toSummaries(
    records: DeploymentRecord[],
  ): Promise<Array<DeploymentSummary & { runStatus?: RunStatus }>> {
    const statuses = await this.#runStatuses(records);
    return records.map(record => {
      const runStatus = statuses.get(record.runId);
      return {
        id: record.id,
        number: record.number,
        environment: record.environment,
        name: record.name,
        action: record.action,
        status:
          record.status === 'pending' ? statusOf(runStatus) : record.status,
        revision: record.revision,
        planHash: record.planHash,
        runId: record.runId,
        runNumber: record.runNumber,
        createdBy: record.createdBy,
        createdAt: toTimestamp(record.createdAt),
        endedAt: toOptionalTimestamp(record.endedAt ?? null),
        changes: record.changes,
        failure: record.failure,
        runStatus,
      };
    });
  }

  async toSummary(record: DeploymentRecord): Promise<DeploymentSummary> {
    const [{ runStatus, ...summary }] = await this.toSummaries([record]);
    return summary;
  }

  /** One question for a page; only deployments in progress need it. */
  async #runStatuses(
    records: DeploymentRecord[],
  ): Promise<Map<string, RunStatus>> {
    const ids = records
      .filter(record => record.endedAt === undefined)
      .map(record => record.runId);
    if (ids.length === 0) {
      return new Map();
    }
    const rows: Array<{ id: string; status: RunStatus }> = await this.#knex(
      'workflow_runs',
    )
      .whereIn('id', ids)
      .select('id', 'status');
    return new Map(rows.map(row => [row.id, row.status]));
  }
}

function statusOf(
  runStatus: RunStatus | undefined,
): DeploymentSummary['status'] {
  switch (runStatus) {
    case undefined:
    case 'queued':
      return 'pending';
    case 'waiting':
      return 'running';
    default:
      return runStatus;
  }
}
