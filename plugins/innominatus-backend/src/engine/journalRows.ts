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

/** Everything that a group of batches writes. */
export interface JournalRows {
  batches: BatchRow[];
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
export const BATCH_COLUMNS = Object.entries({
  id: 'text',
  owner: 'text',
  token: 'integer',
  after_seq: 'integer',
  new_seq: 'integer',
  status: 'text',
  waiting: 'text',
  outputs: 'text',
  failure: 'text',
  steps_total: 'integer',
  steps_done: 'integer',
  ended_at: 'bigint',
  at: 'bigint',
  events: 'text',
} satisfies Record<keyof BatchRow, ColumnType>) as Array<
  [name: keyof BatchRow, type: ColumnType]
>;

export function toJournalRows(batches: JournalBatch[]): JournalRows {
  return {
    batches: batches.map(({ lease, afterSeq, events, state }) => ({
      id: lease.runId,
      owner: lease.owner,
      token: lease.fencingToken,
      after_seq: afterSeq,
      new_seq: afterSeq + events.length,
      ...present(toRunColumns(state)),
      at: events.at(-1)?.at ?? 0,
      events: toStoredEvents(events),
    })),
    signals: batches.flatMap(({ lease, signals }) =>
      signals.map(id => ({ run_id: lease.runId, id })),
    ),
    approvals: batches.flatMap(changedApprovalRows),
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
