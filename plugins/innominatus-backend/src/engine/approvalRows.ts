import {
  ApprovalRequest,
  RunState,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { isPostgres } from '../database';

/** An approval as a batch of events left it. */
export interface ChangedApprovalRow {
  id: string;
  run_id: string;
  step: string;
  step_title: string | null;
  attempt: number;
  round: number;
  kind: string;
  state: string;
  policy: string;
  decisions: string;
  approvers: string | null;
  decided_by: string;
  allow_requester: boolean;
  requested_at: number;
  expires_at: number | null;
  decided_at: number | null;
}

/** Rows of the approvals that a batch asked for or answered; mostly none. */
export function changedApprovalRows(batch: {
  lease: { runId: string };
  before?: RunState;
  state: RunState;
}): ChangedApprovalRow[] {
  const { before, state } = batch;
  return Object.values(state.steps).flatMap(step =>
    step.approval && step.approval !== before?.steps[step.name]?.approval
      ? [toRow(batch.lease.runId, state, step.name, step.approval)]
      : [],
  );
}

function toRow(
  runId: string,
  state: RunState,
  step: string,
  approval: ApprovalRequest,
): ChangedApprovalRow {
  const { policy } = approval;
  const definition = state.definition.steps.find(one => one.name === step);
  return {
    id: approval.id,
    run_id: runId,
    step,
    step_title: definition?.title ?? null,
    attempt: approval.attempt,
    round: approval.round,
    kind: approval.kind,
    state: approval.state,
    policy: JSON.stringify(policy),
    decisions: JSON.stringify(approval.decisions),
    approvers: policy.approvers ? toLines(policy.approvers) : null,
    decided_by: toLines(approval.decisions.map(one => one.by)),
    allow_requester: policy.allowRequester,
    requested_at: approval.requestedAt,
    expires_at: approval.expiresAt ?? null,
    decided_at: approval.decidedAt ?? null,
  };
}

/** One ref per line, so that a whole ref can be found in it. */
function toLines(refs: string[]): string {
  return `\n${refs.map(ref => ref.toLowerCase()).join('\n')}\n`;
}

const COLUMNS: Record<keyof ChangedApprovalRow, string> = {
  id: 'text',
  run_id: 'text',
  step: 'text',
  step_title: 'text',
  attempt: 'integer',
  round: 'integer',
  kind: 'text',
  state: 'text',
  policy: 'text',
  decisions: 'text',
  approvers: 'text',
  decided_by: 'text',
  allow_requester: 'boolean',
  requested_at: 'bigint',
  expires_at: 'bigint',
  decided_at: 'bigint',
};

/** What rules and lists look at, by the column of the run it comes from. */
const FROM_RUN: Record<string, string> = {
  run_number: 'number',
  run_title: 'title',
  workflow: 'workflow',
  golden_path: 'golden_path',
  application_environment: 'application_environment',
  application_environment_type: 'application_environment_type',
  application_name: 'application_name',
  application_owner: 'application_owner',
  initiator: 'initiator',
};

const ON_CONFLICT = `on conflict (id) do update set
  state = excluded.state,
  decisions = excluded.decisions,
  decided_by = excluded.decided_by,
  decided_at = excluded.decided_at`;

/** Where the rows, passed as one parameter of JSON, are read from. */
function sourceOf(knex: Knex): string {
  if (isPostgres(knex)) {
    const columns = Object.entries(COLUMNS).map(
      ([name, type]) => `${name} ${type}`,
    );
    return `json_to_recordset(?::json) as i(${columns.join(', ')})`;
  }
  const columns = Object.keys(COLUMNS).map(
    name => `value ->> '${name}' as ${name}`,
  );
  return `(select ${columns.join(', ')} from json_each(?)) as i`;
}

/** Writes approvals, in the transaction of the events that ask or answer. */
export async function writeApprovals(
  trx: Knex,
  rows: ChangedApprovalRow[],
): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const names = Object.keys(COLUMNS);
  await trx.raw(
    `insert into approvals (${[...names, ...Object.keys(FROM_RUN)].join(', ')})
    select ${[
      ...names.map(name => `i.${name}`),
      ...Object.values(FROM_RUN).map(name => `r.${name}`),
    ].join(', ')}
    from ${sourceOf(trx)} join workflow_runs r on r.id = i.run_id
    where true ${ON_CONFLICT}`,
    [JSON.stringify(rows)],
  );
}
