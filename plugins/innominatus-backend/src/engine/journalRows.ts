import { changedApprovalRows, ChangedApprovalRow } from './approvalRows';
import { JournalBatch } from './Journal';
import {
  changedAttemptRows,
  changedDefinition,
  changedStepRows,
  RunStepRow,
  StepAttemptRow,
  toRunColumns,
} from './projection';

/** The guard of a run and what its columns become. */
export interface RunRow
  extends
    ReturnType<typeof toRunColumns>,
    ReturnType<typeof changedDefinition> {
  id: string;
  owner: string;
  token: number;
  after_seq: number;
  new_seq: number;
}

export interface EventRow {
  run_id: string;
  seq: number;
  at: number;
  event: string;
}

/** Everything that a group of batches writes, table by table. */
export interface JournalRows {
  runs: RunRow[];
  events: EventRow[];
  steps: RunStepRow[];
  attempts: StepAttemptRow[];
  signals: Array<{ run_id: string; id: string }>;
  /** Of most groups there are none. */
  approvals: ChangedApprovalRow[];
}

/**
 * The columns that travel to the database as JSON. Naming each one makes a
 * column that is added to the projection an error here.
 */
export const JOURNAL_COLUMNS = {
  runs: columnsOf<RunRow>({
    id: 'text',
    owner: 'text',
    token: 'integer',
    after_seq: 'integer',
    new_seq: 'integer',
    status: 'text',
    waiting: 'text',
    outputs: 'text',
    failure: 'text',
    steps_done: 'integer',
    ended_at: 'bigint',
    definition: 'text',
    steps_total: 'integer',
  }),
  events: columnsOf<EventRow>({
    run_id: 'text',
    seq: 'integer',
    at: 'bigint',
    event: 'text',
  }),
  steps: columnsOf<RunStepRow>({
    run_id: 'text',
    name: 'text',
    status: 'text',
    attempt: 'integer',
    started_at: 'bigint',
    ended_at: 'bigint',
    outputs: 'text',
    error: 'text',
    skip_reason: 'text',
    waiting: 'text',
  }),
  attempts: columnsOf<StepAttemptRow>({
    run_id: 'text',
    step: 'text',
    attempt: 'integer',
    status: 'text',
    started_at: 'bigint',
    ended_at: 'bigint',
    error: 'text',
  }),
  signals: columnsOf<JournalRows['signals'][number]>({
    run_id: 'text',
    id: 'text',
  }),
};

export type ColumnType = 'text' | 'integer' | 'bigint';

function columnsOf<Row>(
  columns: Record<keyof Row & string, ColumnType>,
): Array<[name: string, type: ColumnType]> {
  return Object.entries<ColumnType>(columns);
}

export function toJournalRows(batches: JournalBatch[]): JournalRows {
  return {
    runs: batches.map(({ lease, afterSeq, events, state }) => ({
      id: lease.runId,
      owner: lease.owner,
      token: lease.fencingToken,
      after_seq: afterSeq,
      new_seq: afterSeq + events.length,
      ...toRunColumns(state),
      ...changedDefinition({ events, state }),
    })),
    events: batches.flatMap(({ lease, afterSeq, events }) =>
      events.map((event, i) => ({
        run_id: lease.runId,
        seq: afterSeq + 1 + i,
        at: event.at,
        event: JSON.stringify(event),
      })),
    ),
    steps: batches.flatMap(({ lease, before, state }) =>
      changedStepRows({ runId: lease.runId, before, state }),
    ),
    attempts: batches.flatMap(({ lease, events, state }) =>
      changedAttemptRows({ runId: lease.runId, events, state }),
    ),
    signals: batches.flatMap(({ lease, signals }) =>
      signals.map(id => ({ run_id: lease.runId, id })),
    ),
    approvals: batches.flatMap(changedApprovalRows),
  };
}
