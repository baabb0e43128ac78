import { WaitingReason } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { fromOptionalJson } from '../database';

/** A run above a run above a run; deeper is more likely a loop than a plan. */
const MAX_DEPTH = 8;

/** The runs that others wait for, by id. */
export type HeldRuns = ReadonlyMap<
  string,
  { number: number; waiting?: WaitingReason }
>;

export const NO_HELD_RUNS: HeldRuns = new Map();

/**
 * Looks at the runs that something waits for, and at those that these wait for.
 * Asked when it is read: a nested run may wait for one thing after the other
 * while the run above it rests.
 */
export async function readHeldRuns(
  knex: Knex,
  reasons: Array<WaitingReason | undefined>,
): Promise<HeldRuns> {
  const held = new Map<string, { number: number; waiting?: WaitingReason }>();
  let ids = idsOf(reasons);
  for (let depth = 0; ids.length > 0 && depth < MAX_DEPTH; depth += 1) {
    const rows: Array<{ id: string; number: number; waiting: string | null }> =
      await knex('workflow_runs')
        .whereIn('id', ids)
        .select('id', 'number', 'waiting');
    for (const { id, number, waiting } of rows) {
      held.set(id, { number, waiting: fromOptionalJson(waiting) });
    }
    ids = idsOf(rows.map(row => held.get(row.id)?.waiting)).filter(
      id => !held.has(id),
    );
  }
  return held;
}

function idsOf(reasons: Array<WaitingReason | undefined>): string[] {
  const ids = reasons.flatMap(reason =>
    reason?.kind === 'outside' && reason.heldBy ? [reason.heldBy] : [],
  );
  return [...new Set(ids)];
}

/** Says what the run waits for that is waited for, with its link. */
export function explainHeld(
  reason: WaitingReason | undefined,
  held: HeldRuns,
  depth: number = 0,
): WaitingReason | undefined {
  const run =
    reason?.heldBy === undefined ? undefined : held.get(reason.heldBy);
  if (reason?.kind !== 'outside' || !run || depth > MAX_DEPTH) {
    return reason;
  }
  const inner = explainHeld(run.waiting, held, depth + 1);
  if (!inner) {
    return { ...reason, message: `Run ${run.number} is at work.` };
  }
  const { link, until, message } = inner;
  return {
    kind: 'outside',
    message:
      inner.heldBy === undefined
        ? `Run ${run.number} waits: ${message}`
        : message,
    heldBy: reason.heldBy,
    ...(until === undefined ? {} : { until }),
    ...(link ? { link } : {}),
  };
}
