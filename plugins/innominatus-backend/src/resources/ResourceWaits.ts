import {
  RunSummary,
  WaitingReason,
} from '@innominatus/backstage-plugin-innominatus-common';
import { BUSY_STATES } from './states';
import { ResourceRecord } from './types';

/** Of people or systems; that a worker is busy says nothing about a resource. */
const TOLD: Array<WaitingReason['kind']> = ['outside', 'approval', 'person'];

/** What resources wait for while somebody or something else has to do its part. */
export class ResourceWaits {
  readonly #summaries: (ids: string[]) => Promise<Map<string, RunSummary>>;

  static create(options: {
    summaries: (ids: string[]) => Promise<Map<string, RunSummary>>;
  }): ResourceWaits {
    return new ResourceWaits(options.summaries);
  }

  private constructor(
    summaries: (ids: string[]) => Promise<Map<string, RunSummary>>,
  ) {
    this.#summaries = summaries;
  }

  /** By id of the resource; one question for all. */
  async of(records: ResourceRecord[]): Promise<Map<string, WaitingReason>> {
    const runs = new Map(
      records.flatMap(({ id, runId, state }) =>
        runId !== undefined && BUSY_STATES.includes(state) ? [[id, runId]] : [],
      ),
    );
    const summaries = await this.#summaries([...new Set(runs.values())]);
    return new Map(
      [...runs].flatMap(([id, runId]) => {
        const waiting = summaries.get(runId)?.waiting;
        return waiting && TOLD.includes(waiting.kind) ? [[id, waiting]] : [];
      }),
    );
  }
}
