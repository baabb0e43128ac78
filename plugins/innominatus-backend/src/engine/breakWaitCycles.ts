import { Knex } from 'knex';
import { endQueuedRun } from './endQueuedRun';
import { findStuck, HeldSlot, readWaits, WaitingRun } from './waitCycles';

/** The runs that were ended. */
export interface BrokenCycle {
  runId: string;
  version: number;
  message: string;
}

/**
 * Ends one run of each circle of runs that wait for each other: the youngest,
 * which has kept others waiting for the shortest time. It has done nothing yet.
 * The step that started it fails with an error that is worth a retry, because
 * the others go on now.
 */
export async function breakWaitCycles(knex: Knex): Promise<BrokenCycle[]> {
  const { held, ...waits } = await readWaits(knex);
  let { waiting } = waits;
  const broken: BrokenCycle[] = [];
  for (;;) {
    const stuck = findStuck(waiting, held);
    if (stuck.length === 0) {
      return broken;
    }
    const youngest = stuck.reduce((a, b) => (a.number > b.number ? a : b));
    const message = describe(youngest, { stuck, held });
    const version = await endQueuedRun(knex, youngest.id, {
      error: { code: 'WAIT_CYCLE', message, transient: true },
    });
    if (version !== undefined) {
      broken.push({ runId: youngest.id, version, message });
    }
    waiting = waiting.filter(run => run !== youngest);
  }
}

function describe(
  run: WaitingRun,
  { stuck, held }: { stuck: WaitingRun[]; held: HeldSlot[] },
): string {
  const holder = held.find(slot => slot.group === run.group);
  const other = stuck.find(
    one => holder !== undefined && one.above.includes(holder.runId),
  );
  return `Run ${run.number} would have waited forever for "${run.group}": run ${holder?.number} holds it, and cannot end before run ${other?.number}, which waits for "${other?.group}". Let the outer workflow ask for what its nested workflows need ("spec.concurrency"), so that it is taken in one moment.`;
}
