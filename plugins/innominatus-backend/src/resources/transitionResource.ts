import { ConflictError, NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { ResourceState } from '@innominatus/backstage-plugin-innominatus-common';
import { newId, nowMs, nowPlusMs, toNumber } from '../database';
import { NO_DRIFT, ResourceRow, toPatchColumns } from './rows';
import { canTransition } from './states';
import { TransitionOptions } from './types';

const ATTEMPTS = 5;
/** What was just made is not looked at at once. */
const FIRST_DRIFT_LOOK_MS = 10 * 60_000;

/**
 * Moves a resource to another state and notes it down. Has to run inside a
 * transaction.
 *
 * The update is guarded by the state it was decided on: of two writers that
 * saw the same state only one changes the row (PostgreSQL makes the second one
 * wait for the first and look again, SQLite has one writer anyway), the other
 * one starts over with what is there now. The row in `resource_transitions`
 * carries a check constraint, so that even a mistake in here cannot write a
 * transition that does not exist.
 */
export async function transitionResource(
  transaction: Knex,
  options: TransitionOptions,
): Promise<void> {
  const { id, to, reason, by, runId } = options;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const row = await transaction<ResourceRow>('resources')
      .where({ id })
      .first('state', 'uid', 'updated_at');
    if (!row) {
      throw new NotFoundError(`There is no resource "${id}"`);
    }
    if (!canTransition(row.state, to)) {
      throw new ConflictError(
        `The resource "${row.uid}" cannot go from the state "${row.state}" to "${to}"`,
      );
    }
    // Later than the one before even in the same millisecond, and on another
    // clock, so that the order of transitions is the order of their times.
    const now = Math.max(Date.now(), toNumber(row.updated_at) + 1);
    const changed = await transaction<ResourceRow>('resources')
      .where({ id, state: row.state, updated_at: row.updated_at })
      .update({
        ...toPatchColumns(options.patch ?? {}),
        state: to,
        error: options.patch?.error ?? null,
        updated_at: now,
        ...toHealthColumns(transaction, row.state, to),
        ...toDriftColumns(transaction, row.state, to),
        ...(runId ? { run_id: runId } : {}),
      });
    if (changed === 1) {
      await transaction('resource_transitions').insert({
        id: newId(now),
        resource_id: id,
        from_state: row.state,
        to_state: to,
        reason,
        by,
        run_id: runId ?? null,
        at: now,
      });
      return;
    }
  }
  throw new ConflictError(
    `The resource "${id}" is changed by others all the time. Try again.`,
  );
}

/** A check is due as soon as there is something new, and none when it goes. */
function toHealthColumns(
  transaction: Knex,
  from: ResourceState,
  to: ResourceState,
): Partial<ResourceRow> {
  if (to === 'active' && from !== 'degraded') {
    return {
      health_due_at: nowMs(transaction) as never,
      health_failures: 0,
      health_successes: 0,
    };
  }
  return to === 'terminating' || to === 'failed'
    ? {
        health_due_at: null,
        health_status: null,
        health_message: null,
        health_checked_at: null,
      }
    : {};
}

/** What was found before a change does not hold after it. */
function toDriftColumns(
  transaction: Knex,
  from: ResourceState,
  to: ResourceState,
): Partial<ResourceRow> {
  if (to === 'active' && from !== 'degraded') {
    return {
      ...NO_DRIFT,
      drift_due_at: nowPlusMs(transaction, FIRST_DRIFT_LOOK_MS) as never,
    };
  }
  return to === 'terminating' || to === 'failed' ? NO_DRIFT : {};
}
