import { LoggerService } from '@backstage/backend-plugin-api';
import { RunSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { derivedId } from '../../database';
import { RunStore } from '../RunStore';
import { FollowUpRuns } from './FollowUpRuns';

export interface UndoFailedRunsOptions {
  followUps: Pick<FollowUpRuns, 'undoByItself'>;
  store: Pick<RunStore, 'definition'>;
  logger: LoggerService;
}

/**
 * Undoes failed runs whose workflow says `onFailure: undo`. May be called again
 * for the same run: there is one undo of a run.
 */
export function undoFailedRuns(
  options: UndoFailedRunsOptions,
): (run: RunSummary) => Promise<void> {
  const { followUps, store, logger } = options;
  return async run => {
    const { id, number, initiator } = run;
    const isOpen = !run.undoneBy && !run.retriedBy;
    if (run.status !== 'failed' || !isOpen) {
      return;
    }
    if ((await store.definition(id))?.onFailure !== 'undo') {
      return;
    }
    const answer = await followUps.undoByItself({
      id,
      runId: derivedId(`undo/${id}`),
      initiator,
    });
    logger.info(
      'run' in answer
        ? `Run ${number} failed and is undone by run ${answer.run.number}`
        : `Run ${number} failed and is not undone: ${answer.reason}`,
      { runId: id },
    );
  };
}
