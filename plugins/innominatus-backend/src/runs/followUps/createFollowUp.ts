import { Knex } from 'knex';
import { nowMs, nowPlusMs } from '../../database';
import { ProblemError } from '../../http';
import { AGING_MS } from '../insertRuns';
import { insertWithGroups } from '../insertWithGroups';
import {
  FollowUpRow,
  LINKS,
  NewFollowUp,
  followUpRow,
  groupsOfFollowUp,
} from './followUpRow';

/**
 * Stores a run that follows from an ended one: it belongs to the same things,
 * has the same input, and may read what was written as artifacts. An id that
 * exists already is left as it is.
 *
 * Both runs are linked in one transaction, and the guarded statement on the
 * ended run decides who is first: there is one retry and one undo of a run,
 * and never a retry of what was undone.
 */
export async function createFollowUp(
  transaction: Knex.Transaction,
  options: NewFollowUp,
): Promise<void> {
  const { kind, of, runId } = options;
  const link = LINKS[kind];
  const row = await followUpRow(transaction, options);
  const existing = await transaction('workflow_runs')
    .where({ [link.of]: of.id })
    .first('id');
  if (existing?.id === runId) {
    return;
  }
  if (existing) {
    throw changed(of.number);
  }
  const number = await insert(transaction, row, options);
  const linked = await transaction('workflow_runs')
    .where({ id: of.id, retried_by: of.retriedBy?.id ?? null })
    .whereNotNull('ended_at')
    .whereNull('undone_by')
    .whereNull(link.by)
    .update({
      [link.by]: runId,
      [`${link.by}_number`]: number,
      version: transaction.raw('version + 1'),
    });
  if (number === undefined || linked === 0) {
    throw changed(of.number);
  }
  await transaction.raw(
    `insert into run_artifacts (run_id, name, content, updated_at)
     select ?, name, content, updated_at from run_artifacts where run_id = ?`,
    [runId, of.id],
  );
  await options.follow({ id: runId, number });
}

async function insert(
  transaction: Knex.Transaction,
  row: FollowUpRow,
  options: NewFollowUp,
): Promise<number | undefined> {
  const groups = groupsOfFollowUp(row, options);
  const now = nowMs(transaction);
  return insertWithGroups(
    transaction,
    {
      ...row,
      queue_order: nowPlusMs(transaction, -row.priority * AGING_MS),
      grouped: groups.length > 0,
      admitted_at: groups.length > 0 ? null : now,
      wake_at: now,
      created_at: now,
    },
    groups,
  );
}

function changed(number: number): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'PREVIEW_CHANGED',
    message: `Run ${number} was retried or undone meanwhile. Look at a new preview.`,
  });
}
