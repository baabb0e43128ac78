import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  Page,
  Run,
  RunLogLine,
  RunSummary,
  WaitingReason,
  runReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { AccessColumns, AccessControl } from '../access/types';
import { newId } from '../database';
import {
  ReserveRunPlace,
  RunChanges,
  endQueuedRun,
  sendSignal,
} from '../engine';
import { ProblemError } from '../http';
import { requireResolvable } from './requireResolvable';
import { RunEnds } from './RunEnds';
import { groupsOf, RunLimits, teamOf } from './runGroups';
import { ReadLogsOptions, RunIdentity, RunStore } from './RunStore';
import { ListRunsOptions, RunService, StartRunOptions } from './types';

/** Looked again at least this often, also when no notice arrives. */
const POLL_MS = 1000;

/** What a run may wait for so long that who waits for the run should let go. */
const LONG_WAITS: Array<WaitingReason['kind'] | undefined> = [
  'outside',
  'approval',
  'person',
  'paused',
];

const ACCESS_COLUMNS: AccessColumns = {
  owner: 'application_owner',
  environment: 'application_environment',
  environmentType: 'application_environment_type',
  goldenPath: 'golden_path',
  initiator: 'initiator',
};

export interface DefaultRunServiceOptions {
  knex: Knex;
  store: RunStore;
  changes: RunChanges;
  ends: RunEnds;
  access: Pick<AccessControl, 'filter'>;
  limits?: RunLimits;
  /** Lets runs begin here at once; without it they wait to be looked for. */
  reserve?: ReserveRunPlace;
}

/** {@link RunService} over the tables that the engine writes. */
export class DefaultRunService implements RunService {
  readonly #options: DefaultRunServiceOptions;

  static create(options: DefaultRunServiceOptions): DefaultRunService {
    return new DefaultRunService(options);
  }

  private constructor(options: DefaultRunServiceOptions) {
    this.#options = options;
  }

  async start(options: StartRunOptions): Promise<RunSummary> {
    const { store, changes, reserve } = this.#options;
    const runId = options.runId ?? newId();
    if (!options.deployment) {
      // The run of a deployment was looked at before the deployment was stored.
      requireResolvable(options);
    }
    await this.#requireRoomFor(options);
    const groups = groupsOf(options, this.#options.limits);
    // A run that may have to wait for others has to queue.
    const place =
      groups.length === 0
        ? reserve?.({ nested: options.parentRun !== undefined })
        : undefined;
    const { summary, claimed } = await store
      .create({ ...options, runId, groups, owner: place })
      .catch(error => {
        place?.release();
        throw error;
      });
    const { version, endedAt } = summary;
    changes.publish({
      kind: 'run',
      runId,
      version,
      ended: endedAt !== undefined,
    });
    if (place && claimed) {
      place.begin(claimed);
    } else {
      place?.release();
      changes.publish({ kind: groups.length > 0 ? 'groups' : 'work' });
    }
    return summary;
  }

  async requireRoom(options: { team: string }): Promise<void> {
    const most = this.#options.limits?.queuedRuns;
    const { team } = options;
    if (
      most !== undefined &&
      (await this.#options.store.countQueued({ team, most })) >= most
    ) {
      throw new ProblemError({
        status: 429,
        code: 'LIMIT_REACHED',
        message: `${most} runs of "${team}" wait to begin already, and more are not taken on ("innominatus.limits.queuedRuns"). Cancel runs that nobody needs, or try again when some have begun.`,
      });
    }
  }

  async get(idOrNumber: string): Promise<Run> {
    return found(idOrNumber, await this.#options.store.get(idOrNumber));
  }

  async list(
    options: ListRunsOptions,
    credentials: BackstageCredentials,
  ): Promise<Page<RunSummary>> {
    const restrict = await this.#options.access.filter(credentials, {
      permission: runReadPermission,
      columns: ACCESS_COLUMNS,
    });
    return this.#options.store.list(options, restrict);
  }

  async cancel(options: {
    id: string;
    by: string;
    reason?: string;
  }): Promise<void> {
    const { knex, changes } = this.#options;
    const run = await this.#identify(options.id);
    const { by, reason } = options;
    const signal = { id: newId(), kind: 'cancel', by, reason } as const;
    if (run.ended) {
      // That is what was asked for.
      return;
    }
    const early = await endQueuedRun(knex, run.id, { cancelledBy: signal });
    const ended = early !== undefined;
    if (!ended && !(await sendSignal(knex, run.id, signal))) {
      return;
    }
    const version = run.version + 1;
    if (ended) {
      // Other runs of the same groups may begin.
      changes.publish({ kind: 'groups' });
    } else {
      changes.publish({ kind: 'signal', runId: run.id });
    }
    changes.publish({ kind: 'run', runId: run.id, version, ended });
  }

  async pause(options: { id: string; by: string }): Promise<void> {
    await this.#ask({ ...options, kind: 'pause' });
  }

  async resume(options: { id: string; by: string }): Promise<void> {
    await this.#ask({ ...options, kind: 'resume' });
  }

  async logs(options: ReadLogsOptions): Promise<RunLogLine[]> {
    return this.#options.store.logs(options);
  }

  async waitForChange(options: {
    id: string;
    version: number;
    signal: AbortSignal;
  }): Promise<void> {
    await this.#watch(
      options,
      run => run.ended || run.version > options.version,
    );
  }

  async waitForActivity(options: {
    id: string;
    signal: AbortSignal;
  }): Promise<void> {
    const watch = this.#options.changes.watch(options.id);
    try {
      await watch.wait({ timeoutMs: POLL_MS, signal: options.signal });
    } finally {
      watch.close();
    }
  }

  async waitForEnd(options: { id: string; signal: AbortSignal }): Promise<Run> {
    await this.#watch({ ...options, endOnly: true }, run => run.ended);
    options.signal.throwIfAborted();
    return this.get(options.id);
  }

  async waitForRest(options: {
    id: string;
    signal: AbortSignal;
  }): Promise<Run> {
    const { id, signal } = options;
    const isAtRest = ({ ended, waiting }: RunIdentity) =>
      ended || LONG_WAITS.includes(waiting?.kind);
    await this.#watch({ id, signal, endOnly: true }, isAtRest);
    signal.throwIfAborted();
    return this.get(id);
  }

  async wake(options: {
    id: string;
    step: string;
    signalId: string;
    by: string;
  }): Promise<void> {
    const { knex, changes } = this.#options;
    const { id, step, by, signalId } = options;
    const signal = { id: signalId, kind: 'wake', step, by } as const;
    if (await sendSignal(knex, id, signal)) {
      changes.publish({ kind: 'signal', runId: id });
    }
  }

  /** In the row whose end is waited for, so that the end cannot be missed. */
  async wakeParentAtEnd(id: string): Promise<boolean> {
    const marked = await this.#options
      .knex('workflow_runs')
      .where({ id })
      .whereNull('ended_at')
      .update({ parent_waits: true });
    return marked === 1;
  }

  onRunEnded(handler: (run: RunSummary) => Promise<void>): void {
    this.#options.ends.addHandler(handler);
  }

  /**
   * A nested run belongs to one that was taken on, and so does the run of a
   * deployment: it was asked for before the deployment was stored.
   */
  async #requireRoomFor(options: StartRunOptions): Promise<void> {
    if (
      this.#options.limits?.queuedRuns === undefined ||
      options.parentRun ||
      options.deployment
    ) {
      return;
    }
    const exists =
      options.runId !== undefined &&
      (await this.#options.store.identify(options.runId)) !== undefined;
    if (!exists) {
      await this.requireRoom({ team: teamOf(options) });
    }
  }

  /** Its worker takes the signal in, or the next one when it has none. */
  async #ask(options: {
    id: string;
    by: string;
    kind: 'pause' | 'resume';
  }): Promise<void> {
    const { knex, changes } = this.#options;
    const { by, kind } = options;
    const { id } = await this.#identify(options.id);
    if (await sendSignal(knex, id, { id: newId(), kind, by })) {
      changes.publish({ kind: 'signal', runId: id });
    }
  }

  /** Resolves when the run is as wanted, or the signal aborts. */
  async #watch(
    options: { id: string; signal: AbortSignal; endOnly?: boolean },
    isWanted: (run: RunIdentity) => boolean,
  ): Promise<void> {
    const { signal, endOnly } = options;
    const { id } = await this.#identify(options.id);
    const watch = this.#options.changes.watch(id, { endOnly });
    try {
      while (!signal.aborted && !isWanted(await this.#identify(id))) {
        await watch.wait({ timeoutMs: POLL_MS, signal });
      }
    } finally {
      watch.close();
    }
  }

  async #identify(idOrNumber: string): Promise<RunIdentity> {
    return found(idOrNumber, await this.#options.store.identify(idOrNumber));
  }
}

function found<T>(idOrNumber: string, run: T | undefined): T {
  if (!run) {
    throw new NotFoundError(`There is no run "${idOrNumber}"`);
  }
  return run;
}
