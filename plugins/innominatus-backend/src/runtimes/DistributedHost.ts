import { LoggerService } from '@backstage/backend-plugin-api';
import {
  RunEvent,
  Turn,
  takeTurn,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  AdvanceRunOptions,
  RunProgress,
  StepAssignment,
  StepRunner,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import {
  ClaimedRun,
  Journal,
  LeaseLostError,
  pendingSignals,
  RunChanges,
  Workspaces,
} from '../engine';
import { removeFiles } from '../engine/createRunWorker';
import { ClaimedSteps } from './ClaimedSteps';
import { loadClaimedRun } from './loadClaimedRun';
import { RecordedRun } from './RecordedRun';
import { RunRecords } from './RunRecords';
import { outcomesOf, removeOutcomes } from './stepClaims';

/** Others write to the same run; each of them makes one try fail. */
const MOST_TRIES = 50;

export interface DistributedHostOptions {
  /** Of the runtime that gets this host. */
  type: string;
  knex: Knex;
  journal: Journal;
  records: RunRecords;
  steps: ClaimedSteps;
  changes: RunChanges;
  workspaces: Workspaces;
  stepRunner: StepRunner;
  logger: LoggerService;
  now: () => number;
}

/**
 * {@link WorkflowRuntimeHost} over the plugin's database.
 *
 * A turn takes in whatever is there: signals and outcomes that are not in the
 * events yet, and timers that are due. It does not matter who calls it, how
 * often, or how many at a time: the events are appended after the number that
 * the turn began with, so that of several turns one is written, and the others
 * begin again with what that one left.
 */
export class DistributedHost implements WorkflowRuntimeHost {
  readonly logger: LoggerService;
  readonly #options: DistributedHostOptions;

  static create(options: DistributedHostOptions): DistributedHost {
    return new DistributedHost(options);
  }

  private constructor(options: DistributedHostOptions) {
    this.#options = options;
    this.logger = options.logger;
  }

  async advance(options: AdvanceRunOptions): Promise<RunProgress> {
    const { runId, waitsAt } = options;
    const { records } = this.#options;
    if (waitsAt !== undefined) {
      await this.#storeWaitsAt(runId, waitsAt);
    }
    for (let tries = 1; ; tries++) {
      const recorded = await records.read(runId);
      if (recorded.ended) {
        return this.#progress(options, recorded);
      }
      const run = await loadClaimedRun(this.#options.knex, runId);
      if (!run) {
        // Deleted, or ended a moment ago.
        const { ended, seq } = await records.read(runId);
        if (ended || !(await this.#exists(runId))) {
          return { seq, started: [], over: [], ended: true };
        }
        throw new Error(
          `Run "${runId}" was not given to the runtime "${this.#options.type}"`,
        );
      }
      try {
        return this.#progress(options, await this.#turn(run, recorded));
      } catch (error) {
        if (!(error instanceof LeaseLostError) || tries === MOST_TRIES) {
          throw error;
        }
      }
    }
  }

  async executeStep(assignment: StepAssignment): Promise<void> {
    await this.#options.steps.execute(assignment);
  }

  async waitsAt(runId: string): Promise<string | undefined> {
    const row = await this.#options
      .knex('workflow_runs')
      .where({ id: runId })
      .whereNull('ended_at')
      .first('runtime_waits_at');
    return row?.runtime_waits_at ?? undefined;
  }

  async drain(): Promise<void> {
    await this.#options.steps.drain();
  }

  async #turn(run: ClaimedRun, recorded: RecordedRun): Promise<RecordedRun> {
    const { knex, now, records } = this.#options;
    const { runId } = run.lease;
    const [signals, outcomes] = await Promise.all([
      pendingSignals(knex, [runId]).then(found => found.get(runId) ?? []),
      outcomesOf(knex, runId),
    ]);
    const ofNow = outcomes.filter(
      outcome => standing(recorded, outcome) === 'in progress',
    );
    const at = now();
    const first: RunEvent[] = recorded.state
      ? []
      : [
          {
            type: 'RunStarted',
            at,
            definition: run.definition,
            input: run.input,
            carried: run.carried,
          },
        ];
    const turn = takeTurn({
      state: recorded.state,
      inbox: [
        ...first,
        ...signals.map((signal): RunEvent => ({ ...signal, type: 'Signal' })),
        ...ofNow.map(({ outcome }) => outcome),
      ],
      now: at,
    });
    if (turn.events.length > 0 || signals.length > 0) {
      await this.#write(
        run,
        recorded,
        turn,
        signals.map(({ id }) => id),
      );
    }
    const after = records.keep(runId, recorded, turn.events);
    // They stand in the events now. A process that takes such an assignment
    // again looks at the events before it carries anything out.
    await removeOutcomes(
      knex,
      outcomes.filter(outcome => standing(after, outcome) === 'over'),
    );
    return after;
  }

  async #write(
    run: ClaimedRun,
    recorded: RecordedRun,
    turn: Turn,
    signals: string[],
  ): Promise<void> {
    const { changes, journal } = this.#options;
    const { runId } = run.lease;
    await journal.append({
      lease: run.lease,
      afterSeq: recorded.seq,
      events: turn.events,
      before: recorded.state,
      state: turn.state,
      signals,
    });
    const ended = turn.state.endedAt !== undefined;
    changes.publish({ kind: 'run', runId, version: run.version + 1, ended });
    if (ended) {
      if (run.grouped) {
        changes.publish({ kind: 'groups' });
      }
      removeFiles(runId, this.#options);
    }
  }

  #progress(
    { runId, after = 0 }: AdvanceRunOptions,
    recorded: RecordedRun,
  ): RunProgress {
    const { seq, state, ended } = recorded;
    const started: StepAssignment[] = [];
    const over: StepAssignment[] = [];
    for (const {
      step,
      attempt,
      fencingToken,
      ...seqs
    } of recorded.attempts.values()) {
      const assignment = { runId, step, attempt, fencingToken };
      if (seqs.overSeq === undefined && seqs.startedSeq > after) {
        started.push(assignment);
      }
      if (seqs.overSeq !== undefined && seqs.overSeq > after) {
        over.push(assignment);
      }
    }
    const at = Math.min(Infinity, ...Object.values(state?.timers ?? {}));
    return {
      seq,
      started,
      over,
      ended,
      ...(Number.isFinite(at)
        ? { wake: { at, inMs: Math.max(0, at - this.#options.now()) } }
        : {}),
    };
  }

  async #storeWaitsAt(runId: string, waitsAt: string): Promise<void> {
    await this.#options
      .knex('workflow_runs')
      .where({ id: runId })
      .whereNull('ended_at')
      .update({ runtime_waits_at: waitsAt });
  }

  async #exists(runId: string): Promise<boolean> {
    const row = await this.#options
      .knex('workflow_runs')
      .where({ id: runId })
      .whereNull('ended_at')
      .first('number');
    return row !== undefined;
  }
}

/** An assignment that is not recorded yet is newer than the record. */
function standing(
  recorded: RecordedRun,
  assignment: StepAssignment,
): 'in progress' | 'over' | 'newer' {
  const started = recorded.attempts.get(assignment.step);
  const difference =
    assignment.attempt - (started?.attempt ?? 0) ||
    assignment.fencingToken - (started?.fencingToken ?? 0);
  if (difference > 0) {
    return 'newer';
  }
  return difference < 0 || started?.overSeq !== undefined
    ? 'over'
    : 'in progress';
}
