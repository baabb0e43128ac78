import { RunEvent } from '@innominatus/backstage-plugin-innominatus-common';
import { StepAssignment } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { fromJson, isPostgres, nowMs, nowPlusMs, toNumber } from '../database';

/**
 * Which process carries out which attempt of a step.
 *
 * There is one row for each step that a process took: of its newest assignment,
 * by attempt and fencing token. While it has no outcome it belongs to its owner,
 * and only the owner may write to the log and the artifacts of the run. Leases
 * are compared with the clock of the database only. Once there is an outcome
 * nobody carries the assignment out again.
 */
export interface StepClaim extends StepAssignment {
  owner: string;
}

export type StepOutcomeEvent = Extract<
  RunEvent,
  { type: 'StepSucceeded' | 'StepFailed' | 'StepLost' | 'StepWaits' }
>;

/**
 * Takes an assignment that nobody has taken. Answers `false` when somebody has,
 * or when there is a newer one of the step.
 */
export async function claimStep(
  knex: Knex,
  options: { claim: StepClaim; leaseMs: number },
): Promise<boolean> {
  const { claim, leaseMs } = options;
  const result = await knex.raw(
    `insert into step_claims
       (run_id, step, attempt, fencing_token, owner, expires_at)
     select ?, ?, cast(? as integer), cast(? as integer), ?, ?
     where exists (
       select 1 from workflow_runs where id = ? and ended_at is null)
     on conflict (run_id, step) do update set
       attempt = excluded.attempt,
       fencing_token = excluded.fencing_token,
       owner = excluded.owner,
       expires_at = excluded.expires_at,
       log_lines = 0,
       outcome = null
     where step_claims.attempt < excluded.attempt
       or (step_claims.attempt = excluded.attempt
         and step_claims.fencing_token < excluded.fencing_token)
     returning run_id`,
    [
      claim.runId,
      claim.step,
      claim.attempt,
      claim.fencingToken,
      claim.owner,
      nowPlusMs(knex, leaseMs),
      claim.runId,
    ],
  );
  const rows: unknown[] = isPostgres(knex) ? result.rows : result;
  return rows.length === 1;
}

/** How far an assignment is that somebody else took. */
export async function lookAtClaim(
  knex: Knex,
  assignment: StepAssignment,
): Promise<'over' | 'in progress' | 'expired'> {
  const row: { outcome: string | null; expired: number | boolean } | undefined =
    await whereAssigned(knex, assignment).first(
      'outcome',
      knex.raw('expires_at < ? as expired', [nowMs(knex)]),
    );
  if (!row || row.outcome !== null) {
    return 'over';
  }
  return row.expired ? 'expired' : 'in progress';
}

/** Records what came of an assignment. Answers `false` when it was lost. */
export async function endClaim(
  knex: Knex,
  claim: StepClaim,
  outcome: StepOutcomeEvent,
): Promise<boolean> {
  const updated = await whereClaimed(knex, claim).update({
    outcome: JSON.stringify(outcome),
  });
  return updated === 1;
}

/** Records that the owner of an assignment is gone, unless it came back. */
export async function loseClaim(
  knex: Knex,
  assignment: StepAssignment,
  outcome: StepOutcomeEvent,
): Promise<void> {
  await whereAssigned(knex, assignment)
    .whereNull('outcome')
    .where('expires_at', '<', nowMs(knex))
    .update({ outcome: JSON.stringify(outcome) });
}

/** Gives back an assignment that needs no work. */
export async function dropClaim(knex: Knex, claim: StepClaim): Promise<void> {
  await whereClaimed(knex, claim).delete();
}

/** Extends the leases of claims; answers the keys of those that still hold. */
export async function renewClaims(
  knex: Knex,
  options: { owner: string; leaseMs: number; claims: StepClaim[] },
): Promise<Set<string>> {
  const keys = options.claims.map(claim => `${claim.runId}/${claim.step}`);
  const rows: Array<{
    run_id: string;
    step: string;
    attempt: number;
    fencing_token: number;
  }> = await knex('step_claims')
    .where({ owner: options.owner })
    .whereNull('outcome')
    .whereRaw(`run_id || '/' || step in (${keys.map(() => '?')})`, keys)
    .update({ expires_at: nowPlusMs(knex, options.leaseMs) })
    .returning(['run_id', 'step', 'attempt', 'fencing_token']);
  return new Set(
    rows.map(row =>
      assignmentKey({
        runId: row.run_id,
        step: row.step,
        attempt: row.attempt,
        fencingToken: row.fencing_token,
      }),
    ),
  );
}

/** Outcomes of a run that may not have been taken in yet. */
export async function outcomesOf(
  knex: Knex,
  runId: string,
): Promise<Array<StepAssignment & { outcome: StepOutcomeEvent }>> {
  const rows: Array<{
    step: string;
    attempt: number;
    fencing_token: number;
    outcome: string;
  }> = await knex('step_claims')
    .where({ run_id: runId })
    .whereNotNull('outcome')
    .select('step', 'attempt', 'fencing_token', 'outcome');
  return rows
    .map(row => ({
      runId,
      step: row.step,
      attempt: row.attempt,
      fencingToken: row.fencing_token,
      outcome: fromJson<StepOutcomeEvent>(row.outcome),
    }))
    .sort((left, right) => left.outcome.at - right.outcome.at);
}

/** Removes the outcomes that were taken in. */
export async function removeOutcomes(
  knex: Knex,
  taken: StepAssignment[],
): Promise<void> {
  for (const assignment of taken) {
    await whereAssigned(knex, assignment).whereNotNull('outcome').delete();
  }
}

/**
 * Whether the claim is still its owner's. Within a transaction the row stays
 * as it is until the end, so that what is written beside it is fenced.
 */
export async function holdsClaim(
  trx: Knex.Transaction,
  claim: StepClaim,
): Promise<{ logLines: number } | undefined> {
  const row: { log_lines: number | string } | undefined = await whereClaimed(
    trx,
    claim,
  )
    .modify(query => isPostgres(trx) && query.forUpdate())
    .first('log_lines');
  return row && { logLines: toNumber(row.log_lines) };
}

export function assignmentKey(assignment: StepAssignment): string {
  const { runId, step, attempt, fencingToken } = assignment;
  return `${runId}/${step}/${attempt}/${fencingToken}`;
}

export function whereClaimed(knex: Knex, claim: StepClaim): Knex.QueryBuilder {
  return whereAssigned(knex, claim)
    .where({ owner: claim.owner })
    .whereNull('outcome');
}

function whereAssigned(
  knex: Knex,
  assignment: StepAssignment,
): Knex.QueryBuilder {
  return knex('step_claims').where({
    run_id: assignment.runId,
    step: assignment.step,
    attempt: assignment.attempt,
    fencing_token: assignment.fencingToken,
  });
}
