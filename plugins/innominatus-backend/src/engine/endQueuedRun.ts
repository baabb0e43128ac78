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
import { toRunColumns, toStoredEvents } from './journalRows';
import { RunSignal } from './signals';

/** Why a run ends before it began. */
export type EarlyEnd =
  | { cancelledBy: Omit<RunSignal, 'at'> }
  | { error: NonNullable<RunState['failure']>['error'] };

/**
 * Ends a run that no worker has begun, without waiting for its turn. Nothing
 * has happened yet, so there is nothing to clean up either.
 *
 * Answers the version of the ended run, and nothing when a worker was first; the
 * guarded statement decides.
 */
export async function endQueuedRun(
  knex: Knex,
  runId: string,
  end: EarlyEnd,
): Promise<number | undefined> {
  return knex.transaction(async trx => {
    const ended = await trx('workflow_runs')
      .where({ id: runId })
      .whereNull('started_at')
      .whereNull('ended_at')
      .update({ started_at: nowMs(trx), ended_at: nowMs(trx), wake_at: null })
      .returning([
        'number',
        'definition',
        'input',
        'carried',
        'ended_at',
        'version',
      ]);
    if (ended.length === 0) {
      return undefined;
    }
    const [row] = ended;
    const version = row.version + 1;
    const input = fromJson<Omit<RunInput, 'run'>>(row.input);
    const { events, state } = replayEnd({
      at: Number(row.ended_at),
      definition: fromJson<WorkflowDefinition>(row.definition),
      input: { ...input, run: { id: runId, number: row.number } },
      carried: fromOptionalJson<CarriedSteps>(row.carried),
      end,
    });
    await trx('workflow_runs')
      .where({ id: runId })
      .update({
        ...toRunColumns(state),
        seq: events.length,
        version,
      });
    await trx('run_events').insert({
      run_id: runId,
      seq: 1,
      at: state.endedAt ?? 0,
      event: toStoredEvents(events),
    });
    return version;
  });
}

function replayEnd(options: {
  at: number;
  definition: WorkflowDefinition;
  input: RunInput;
  carried: CarriedSteps | undefined;
  end: EarlyEnd;
}): { events: RunEvent[]; state: RunState } {
  const { at, definition, input, carried, end } = options;
  const skip = (status: 'cancelled' | 'skipped', reason: string) =>
    definition.steps.map((step): RunEvent => ({
      type: 'StepSkipped',
      at,
      step: step.name,
      status,
      reason,
    }));
  const started: RunEvent = {
    type: 'RunStarted',
    at,
    definition,
    input,
    carried,
  };
  const events: RunEvent[] =
    'error' in end
      ? [
          started,
          ...skip('skipped', 'The run failed before it began.'),
          {
            type: 'RunFinished',
            at,
            status: 'failed',
            outputs: {},
            failure: { error: end.error },
          },
        ]
      : [
          started,
          { ...end.cancelledBy, type: 'Signal', at },
          ...skip('cancelled', 'The run was cancelled before it began.'),
          { type: 'RunFinished', at, status: 'cancelled', outputs: {} },
        ];
  let state: RunState | undefined;
  for (const event of events) {
    state = evolve(state, event);
  }
  return { events, state: state as RunState };
}
