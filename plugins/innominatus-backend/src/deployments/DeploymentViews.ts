import {
  DeploymentSummary,
  RunStatus,
} from '@innominatus/backstage-plugin-innominatus-common';
import { toOptionalTimestamp, toTimestamp } from '../database';
import { RunStore } from '../runs';
import { DeploymentRecord } from './types';

type Runs = Pick<RunStore, 'summaries'>;

/** Makes what the API answers out of stored deployments. */
export class DeploymentViews {
  readonly #runs: Runs;

  static create(options: { runs: Runs }): DeploymentViews {
    return new DeploymentViews(options.runs);
  }

  private constructor(runs: Runs) {
    this.#runs = runs;
  }

  async toSummaries(
    records: DeploymentRecord[],
  ): Promise<Array<DeploymentSummary & { runStatus?: RunStatus }>> {
    // One question for a page; only deployments in progress need it.
    const runs = await this.#runs.summaries(
      records
        .filter(record => record.endedAt === undefined)
        .map(record => record.runId),
    );
    return records.map(record => {
      const run = runs.get(record.runId);
      return {
        id: record.id,
        number: record.number,
        environment: record.environment,
        name: record.name,
        action: record.action,
        status:
          record.status === 'pending' ? statusOf(run?.status) : record.status,
        revision: record.revision,
        planHash: record.planHash,
        waiting: run?.waiting,
        runId: record.runId,
        runNumber: record.runNumber,
        createdBy: record.createdBy,
        createdAt: toTimestamp(record.createdAt),
        endedAt: toOptionalTimestamp(record.endedAt ?? null),
        changes: record.changes,
        failure: record.failure,
        runStatus: run?.status,
      };
    });
  }

  async toSummary(record: DeploymentRecord): Promise<DeploymentSummary> {
    const [{ runStatus, ...summary }] = await this.toSummaries([record]);
    return summary;
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
