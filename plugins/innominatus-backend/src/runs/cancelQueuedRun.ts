import {
  CarriedSteps,
  RunEvent,
  RunInput,
  RunState,
  WorkflowDefinition,
  evolve,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { fromJson, fromOptionalJson, nowMs } from '../database';
import { RunSignal, toRunColumns, toStoredEvents } from '../engine';

/**
 * Ends a run that no worker has begun, without waiting for its turn. Nothing
 * has happened yet, so there is nothing to clean up either.
 *
 * Answers `false` when a worker was first; the guarded statement decides.
 */
export async function cancelQueuedRun(
  knex: Knex,
  runId: string,
  signal: Omit<RunSignal, 'at'>,
): Promise<boolean> {
  return knex.transaction(async trx => {
    const ended = await trx('workflow_runs')
      .where({ id: runId })
      .whereNull('started_at')
      .whereNull('ended_at')
      .update({ started_at: nowMs(trx), ended_at: nowMs(trx), wake_at: null })
      .returning(['number', 'definition', 'input', 'carried', 'ended_at']);
    if (ended.length === 0) {
      return false;
    }
    const [row] = ended;
    const input = fromJson<Omit<RunInput, 'run'>>(row.input);
    const { events, state } = replayCancel({
      at: Number(row.ended_at),
      definition: fromJson<WorkflowDefinition>(row.definition),
      input: { ...input, run: { id: runId, number: row.number } },
      carried: fromOptionalJson<CarriedSteps>(row.carried),
      signal,
    });
    await trx('workflow_runs')
      .where({ id: runId })
      .update({
        ...toRunColumns(state),
        seq: events.length,
        version: trx.raw('version + 1'),
      });
    await trx('run_events').insert({
      run_id: runId,
      seq: 1,
      at: state.endedAt ?? 0,
      event: toStoredEvents(events),
    });
    return true;
  });
}

function replayCancel(options: {
  at: number;
  definition: WorkflowDefinition;
  input: RunInput;
  carried: CarriedSteps | undefined;
  signal: Omit<RunSignal, 'at'>;
}): { events: RunEvent[]; state: RunState } {
  const { at, definition, input, carried, signal } = options;
  const reason = 'The run was cancelled before it began.';
  const events: RunEvent[] = [
    { type: 'RunStarted', at, definition, input, carried },
    { ...signal, type: 'Signal', at },
    ...definition.steps.map((step): RunEvent => ({
      type: 'StepSkipped',
      at,
      step: step.name,
      status: 'cancelled',
      reason,
    })),
    { type: 'RunFinished', at, status: 'cancelled', outputs: {} },
  ];
  let state: RunState | undefined;
  for (const event of events) {
    state = evolve(state, event);
  }
  return { events, state: state as RunState };
}
