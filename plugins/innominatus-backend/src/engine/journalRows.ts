import {
  RunEvent,
  RunInput,
  RunState,
  WorkflowDefinition,
  isStepEnded,
} from '@innominatus/backstage-plugin-innominatus-common';
import { toOptionalJson } from '../database';
import { changedApprovalRows, ChangedApprovalRow } from './approvalRows';
import { JournalBatch } from './Journal';

/** Columns of `workflow_runs` that follow from the state. */
export function toRunColumns(state: RunState) {
  const steps = Object.values(state.steps);
  return {
    status: state.status,
    waiting: toOptionalJson(state.waiting),
    outputs: JSON.stringify(state.outputs),
    failure: toOptionalJson(state.failure),
    steps_total: steps.length,
    steps_done: steps.filter(isStepEnded).length,
    ended_at: state.endedAt ?? null,
  };
}

/** What is empty does not travel. */
type Present<Columns> = {
  [Name in keyof Columns]: Exclude<Columns[Name], null> | undefined;
};

/**
 * One batch of a run: its guard, what the columns of the run become, and the
 * row of the journal.
 */
export interface BatchRow extends Present<ReturnType<typeof toRunColumns>> {
  id: string;
  owner: string;
  token: number;
  after_seq: number;
  new_seq: number;
  at: number;
  events: string;
}

/** One batch of a run that leaves the columns of the run for later. */
export type ProgressRow = Pick<
  BatchRow,
  'id' | 'owner' | 'token' | 'after_seq' | 'at' | 'events'
>;

/** Everything that a group of batches writes. */
export interface JournalRows {
  batches: BatchRow[];
  progress: ProgressRow[];
  /** Signals that are recorded now; there are few. */
  signals: Array<{ run_id: string; id: string }>;
  /** Of most groups there are none. */
  approvals: ChangedApprovalRow[];
}

export type ColumnType = 'text' | 'integer' | 'bigint';

/**
 * The columns that travel to the database as JSON. Naming each one makes a
 * column that is added to the rows an error here.
 */
const PROGRESS_TYPES = {
  id: 'text',
  owner: 'text',
  token: 'integer',
  after_seq: 'integer',
  at: 'bigint',
  events: 'text',
} satisfies Record<keyof ProgressRow, ColumnType>;

export const PROGRESS_COLUMNS = Object.entries(PROGRESS_TYPES) as Array<
  [name: keyof ProgressRow, type: ColumnType]
>;

/** Those of a batch that also brings the columns of the run. */
export const BATCH_COLUMNS = Object.entries({
  ...PROGRESS_TYPES,
  new_seq: 'integer',
  status: 'text',
  waiting: 'text',
  outputs: 'text',
  failure: 'text',
  steps_total: 'integer',
  steps_done: 'integer',
  ended_at: 'bigint',
} satisfies Record<keyof BatchRow, ColumnType>) as Array<
  [name: keyof BatchRow, type: ColumnType]
>;

export function toJournalRows(batches: JournalBatch[]): JournalRows {
  const whole = batches.filter(batch => !batch.progress);
  return {
    batches: whole.map(batch => ({
      ...toProgressRow(batch),
      new_seq: batch.afterSeq + batch.events.length,
      ...present(toRunColumns(batch.state)),
    })),
    progress: batches.filter(batch => batch.progress).map(toProgressRow),
    signals: whole.flatMap(({ lease, signals }) =>
      signals.map(id => ({ run_id: lease.runId, id })),
    ),
    approvals: whole.flatMap(changedApprovalRows),
  };
}

function toProgressRow({ lease, afterSeq, events }: JournalBatch): ProgressRow {
  return {
    id: lease.runId,
    owner: lease.owner,
    token: lease.fencingToken,
    after_seq: afterSeq,
    at: events.at(-1)?.at ?? 0,
    events: toStoredEvents(events),
  };
}

function present(
  columns: ReturnType<typeof toRunColumns>,
): Present<ReturnType<typeof toRunColumns>> {
  return {
    ...columns,
    waiting: columns.waiting ?? undefined,
    failure: columns.failure ?? undefined,
    ended_at: columns.ended_at ?? undefined,
  };
}

type StoredEvent =
  | Exclude<RunEvent, { type: 'RunStarted' }>
  | (Omit<Extract<RunEvent, { type: 'RunStarted' }>, 'definition' | 'input'> & {
      definition?: WorkflowDefinition;
      input?: RunInput;
    });

/** What a run is started with is in the row of the run already. */
export function toStoredEvents(events: RunEvent[]): string {
  return JSON.stringify(
    events.map((event): StoredEvent => {
      if (event.type !== 'RunStarted') {
        return event;
      }
      const { definition, input, ...stored } = event;
      return stored;
    }),
  );
}

/** The events of one row of the journal; older rows hold a single one. */
export function fromStoredEvents(
  text: string,
  start: { definition: WorkflowDefinition; input: RunInput },
): RunEvent[] {
  const stored: StoredEvent | StoredEvent[] = JSON.parse(text);
  return (Array.isArray(stored) ? stored : [stored]).map(event =>
    event.type === 'RunStarted' ? { ...start, ...event } : event,
  );
}
