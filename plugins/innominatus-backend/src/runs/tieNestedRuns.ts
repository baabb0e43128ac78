import { RunSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { RunService } from './types';

/**
 * Keeps runs and the runs inside of them together: the end of a nested run wakes
 * the step that waits for it, and a run that was cancelled leaves none behind
 * that nobody waits for any more.
 */
export function tieNestedRuns(options: {
  knex: Knex;
  runs: Pick<RunService, 'cancel' | 'wake'>;
}): (run: RunSummary) => Promise<void> {
  const { knex, runs } = options;
  return async run => {
    const { id, parentRun, status } = run;
    if (parentRun) {
      const row: { parent_waits: boolean | number } | undefined = await knex(
        'workflow_runs',
      )
        .where({ id })
        .first('parent_waits');
      if (row?.parent_waits) {
        await runs.wake({
          id: parentRun.id,
          step: parentRun.step,
          signalId: `ended/${id}`,
          by: 'innominatus',
        });
      }
    }
    if (status !== 'cancelled') {
      return;
    }
    const left: Array<{ id: string }> = await knex('workflow_runs')
      .where({ parent_run_id: id })
      .whereNull('ended_at')
      .select('id');
    for (const nested of left) {
      await runs.cancel({
        id: nested.id,
        by: 'innominatus',
        reason: `Run ${run.number} was cancelled`,
      });
    }
  };
}
