import { WaitingReason } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { RunGroup } from './runGroups';
import { RunSummaryRow } from './rows';

/** Places in the queue for workers that are told; it may be very long. */
const TOLD_PLACES = 1000;

/** The group that keeps a run from beginning. */
interface BlockedOn extends RunGroup {
  position: number;
  /** Oldest first. */
  holders: Array<{ id: string; number: number }>;
}

/** Why queued runs wait, by id. */
export type QueueFacts = ReadonlyMap<
  string,
  { blockedOn?: BlockedOn; workerPosition?: number }
>;

/** For runs that a worker has already. */
export const NO_QUEUE: QueueFacts = new Map();

/** Asks at most three questions, however many runs there are. */
export async function readQueue(
  knex: Knex,
  rows: RunSummaryRow[],
): Promise<QueueFacts> {
  const queued = rows.filter(row => row.status === 'queued');
  const admitted = queued.filter(row => row.admitted_at !== null);
  const [blocked, places] = await Promise.all([
    readBlocked(
      knex,
      queued.filter(row => row.admitted_at === null).map(row => row.id),
    ),
    readPlaces(
      knex,
      admitted.filter(row => row.parent_run_id === null).map(row => row.id),
    ),
  ]);
  return new Map(
    queued.map(({ id }) => [
      id,
      { blockedOn: blocked.get(id), workerPosition: places.get(id) },
    ]),
  );
}

async function readBlocked(
  knex: Knex,
  runIds: string[],
): Promise<Map<string, BlockedOn>> {
  if (runIds.length === 0) {
    return new Map();
  }
  const rows: Array<{
    run_id: string;
    group_key: string;
    max_runs: number;
    position: number | string;
  }> = await knex
    .from(
      knex('run_groups')
        .where('state', 'blocked')
        .whereIn('group_key', keys =>
          keys
            .from('run_groups')
            .where('state', 'blocked')
            .whereIn('run_id', runIds)
            .select('group_key'),
        )
        .select(
          'run_id',
          'group_key',
          'max_runs',
          knex.raw(
            'row_number() over (partition by group_key order by queue_order, run_number) as position',
          ),
        )
        .as('line'),
    )
    .whereIn('run_id', runIds);
  if (rows.length === 0) {
    return new Map();
  }
  const holders: Array<{ group_key: string; id: string; number: number }> =
    await knex('run_groups as g')
      .join('workflow_runs as r', 'r.id', 'g.run_id')
      .where('g.state', 'held')
      .whereIn(
        'g.group_key',
        rows.map(row => row.group_key),
      )
      .orderBy('r.number')
      .select('g.group_key', 'r.id', 'r.number');
  return new Map(
    rows.map(row => [
      row.run_id,
      {
        key: row.group_key,
        max: row.max_runs,
        position: Number(row.position),
        holders: holders.filter(holder => holder.group_key === row.group_key),
      },
    ]),
  );
}

async function readPlaces(
  knex: Knex,
  runIds: string[],
): Promise<Map<string, number>> {
  if (runIds.length === 0) {
    return new Map();
  }
  const rows: Array<{ id: string; position: number | string }> = await knex
    .from(
      knex('workflow_runs')
        .whereRaw(
          'ended_at is null and started_at is null and admitted_at is not null and depth = 0',
        )
        .orderBy(['queue_order', 'number'])
        .limit(TOLD_PLACES)
        .select(
          'id',
          knex.raw(
            'row_number() over (order by queue_order, number) as position',
          ),
        )
        .as('line'),
    )
    .whereIn('id', runIds);
  return new Map(rows.map(row => [row.id, Number(row.position)]));
}

/** A run that no worker has begun does not know itself why it waits. */
export function waitingInQueue(
  row: RunSummaryRow,
  queue: QueueFacts,
): WaitingReason | undefined {
  if (row.status !== 'queued' || row.lease_owner !== null) {
    return undefined;
  }
  const { blockedOn, workerPosition } = queue.get(row.id) ?? {};
  if (blockedOn) {
    return waitingForGroup(blockedOn);
  }
  return workerPosition === undefined
    ? { kind: 'worker', message: 'Waits for a free worker.' }
    : {
        kind: 'worker',
        message: `Waits for a free worker; ${placeOf(workerPosition)} in the queue.`,
        position: workerPosition,
      };
}

function waitingForGroup(group: BlockedOn): WaitingReason {
  const { key, max, position, holders } = group;
  const [holder] = holders;
  const isLock = max === 1 && !/^(team|environment):/.test(key);
  const place = `${placeOf(position)} in the queue`;
  const what = describeGroup(key);
  return {
    kind: isLock ? 'lock' : 'limit',
    message: isLock
      ? `Waits for ${holder ? `run ${holder.number}, which holds ` : ''}the lock of ${what}; ${place}.`
      : `Waits because ${holders.length} of ${max} runs of ${what} are in progress${holder ? `, the oldest is run ${holder.number}` : ''}; ${place}.`,
    heldBy: holder?.id,
    position,
  };
}

function describeGroup(key: string): string {
  const [, kind, name] = /^(application|environment|team|group):(.*)$/s.exec(
    key,
  ) ?? [undefined, 'group', key];
  return kind === 'group' || kind === 'environment'
    ? `the ${kind} "${name}"`
    : `the ${kind} ${name}`;
}

function placeOf(position: number): string {
  if (position === 1) {
    return 'next';
  }
  const lastTwo = position % 100;
  const suffix =
    lastTwo > 10 && lastTwo < 14
      ? 'th'
      : (['th', 'st', 'nd', 'rd'][position % 10] ?? 'th');
  return `${position}${suffix}`;
}
