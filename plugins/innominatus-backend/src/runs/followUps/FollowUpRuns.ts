import {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  CarryOver,
  RetryPreview,
  RetryRequest,
  Run,
  RunEvent,
  RunState,
  RunSummary,
  UndoPlan,
  UndoPreview,
  UndoRequest,
  carryOver,
  evolve,
  planUndo,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { newId } from '../../database';
import { Journal, RunChanges } from '../../engine';
import { ProblemError } from '../../http';
import { SecretStore } from '../../secrets';
import { StepTypeRegistry } from '../../stepTypes/StepTypeRegistry';
import { RunRuntimes } from '../../runtimes/types';
import { RunStore } from '../RunStore';
import { RunLimits } from '../runGroups';
import { createFollowUp } from './createFollowUp';
import { NewFollowUp } from './followUpRow';
import { obstacleOfRetry, retryObstacle, whyDenied } from './obstacles';
import { toRetryPreview, toUndoPreview, undoRefusal } from './previews';
import { requireAgreement } from './requireAgreement';
import { FollowUpQuestion, RunOrigin } from './types';
import { undoWarnings } from './undoWarnings';

export interface FollowUpRunsOptions {
  knex: Knex;
  store: RunStore;
  journal: Pick<Journal, 'read'>;
  stepTypes: Pick<StepTypeRegistry, 'get'>;
  changes: RunChanges;
  runtimes: Pick<RunRuntimes, 'current'>;
  secrets: SecretStore;
  logger: LoggerService;
  limits?: RunLimits;
}

interface StartOptions<TRequest> {
  id: string;
  request: TRequest;
  credentials: BackstageCredentials;
  initiator: string;
  /** Starting again with the same id answers the run that exists. */
  runId?: string;
}

export interface UndoByItselfOptions {
  id: string;
  /** Of the undo, should one be started. */
  runId: string;
  initiator: string;
  /** The step that undoes it. */
  parentRun?: { id: string; step: string };
}

interface Prepared<TPreview, TPlan> {
  run: Run;
  plan: TPlan;
  preview: TPreview;
}

/**
 * Retries and undoes runs that ended.
 *
 * Each is a new run that points to the ended one. What it will do is shown in a
 * preview before; the call names the version of that preview, so that nobody
 * starts something else than what was looked at.
 */
export class FollowUpRuns {
  readonly #options: FollowUpRunsOptions;
  readonly #origins: RunOrigin[] = [];

  static create(options: FollowUpRunsOptions): FollowUpRuns {
    return new FollowUpRuns(options);
  }

  private constructor(options: FollowUpRunsOptions) {
    this.#options = options;
  }

  addOrigin(origin: RunOrigin): void {
    this.#origins.push(origin);
  }

  async previewRetry(options: {
    id: string;
    from?: string;
    credentials: BackstageCredentials;
  }): Promise<RetryPreview> {
    return (await this.#prepareRetry(options)).preview;
  }

  async previewUndo(options: {
    id: string;
    credentials?: BackstageCredentials;
  }): Promise<UndoPreview> {
    const prepared = await this.#prepareUndo(options);
    const { preview } = prepared;
    if (!preview.allowed) {
      return preview;
    }
    // Not a part of the version: they change with the world outside.
    const found = await undoWarnings(prepared, this.#options);
    return {
      ...preview,
      steps: preview.steps.map(step => {
        const warnings = found.get(step.step);
        return warnings ? { ...step, warnings } : step;
      }),
    };
  }

  async retry(options: StartOptions<RetryRequest>): Promise<RunSummary> {
    return this.#once(options, () => this.#retry(options));
  }

  async undo(options: StartOptions<UndoRequest>): Promise<RunSummary> {
    return this.#once(options, () => this.#undo(options));
  }

  async #retry(options: StartOptions<RetryRequest>): Promise<RunSummary> {
    const { id, request, credentials, initiator } = options;
    const prepared = await this.#prepareRetry({
      id,
      from: request.from,
      credentials,
    });
    await this.#requireStart({ kind: 'retry', run: prepared.run }, credentials);
    requireAgreement(prepared, request, 'retry');
    const { run, plan } = prepared;
    return this.#start(run, {
      kind: 'retry',
      runId: options.runId ?? newId(),
      of: run,
      initiator,
      title: run.title,
      definition: plan.definition,
      carried: plan.carried,
    });
  }

  async #undo(options: StartOptions<UndoRequest>): Promise<RunSummary> {
    const { id, request, credentials, initiator } = options;
    const prepared = await this.#prepareUndo({ id, credentials });
    await this.#requireStart({ kind: 'undo', run: prepared.run }, credentials);
    requireAgreement(prepared, request, 'undo');
    return this.#startUndo(prepared, {
      runId: options.runId ?? newId(),
      initiator,
    });
  }

  /**
   * Undoes a run without asking anybody: because its workflow says so, or as a
   * part of the undo of another run. An undo that failed is tried again.
   *
   * Calling it again with the same `runId` answers the same run.
   */
  async undoByItself(
    options: UndoByItselfOptions,
  ): Promise<{ run: RunSummary } | { reason: string }> {
    const { id, initiator, parentRun, runId } = options;
    const last = await this.#lastUndo(id);
    if (last) {
      const isOver = last.endedAt !== undefined && last.status !== 'succeeded';
      if (!isOver || last.id === runId) {
        return { run: last };
      }
      const { run, plan } = await this.#prepareRetry({ id: last.id });
      const { title } = run;
      const { carried, definition } = plan;
      return {
        run: await this.#start(run, {
          ...{ kind: 'retry', runId, of: run, initiator, title, parentRun },
          definition,
          carried,
        }),
      };
    }
    const prepared = await this.#prepareUndo({ id });
    return prepared.preview.reason === undefined
      ? {
          run: await this.#startUndo(prepared, { runId, initiator, parentRun }),
        }
      : { reason: prepared.preview.reason };
  }

  async #lastUndo(id: string): Promise<RunSummary | undefined> {
    const { store } = this.#options;
    let next = (await store.getSummary(id))?.undoneBy;
    let last: RunSummary | undefined;
    while (next) {
      last = await store.getSummary(next.id);
      next = last?.retriedBy;
    }
    return last;
  }

  async #startUndo(
    { run, plan }: Prepared<UndoPreview, UndoPlan>,
    options: Pick<NewFollowUp, 'initiator' | 'parentRun' | 'runId'>,
  ): Promise<RunSummary> {
    return this.#start(run, {
      ...options,
      kind: 'undo',
      of: run,
      title: `Undo of run ${run.number}`,
      definition: plan.definition,
    });
  }

  async #prepareRetry(options: {
    id: string;
    from?: string;
    /** Absent when nobody asks; then nested runs are retried as well. */
    credentials?: BackstageCredentials;
  }): Promise<Prepared<RetryPreview, CarryOver>> {
    const { from, credentials } = options;
    const { run, state } = await this.#load(options.id);
    if (from !== undefined && !Object.hasOwn(state.steps, from)) {
      throw new InputError(
        `Run ${run.number} has no step "${from}". Its steps are: ${Object.keys(
          state.steps,
        )
          .map(name => `"${name}"`)
          .join(', ')}.`,
      );
    }
    const plan = carryOver(state, { from });
    const preview = toRetryPreview({
      runId: run.id,
      state,
      stepTypes: this.#options.stepTypes,
      from,
      plan,
      reason:
        (credentials ? retryObstacle(run, from) : undefined) ??
        (await this.#refusal({ kind: 'retry', run }, credentials)),
    });
    return { run, plan, preview };
  }

  async #prepareUndo(options: {
    id: string;
    /** Absent when nobody asks; then nested runs are undone as well. */
    credentials?: BackstageCredentials;
  }): Promise<Prepared<UndoPreview, UndoPlan> & { state: RunState }> {
    const { stepTypes } = this.#options;
    const { run, state, events } = await this.#load(options.id);
    const plan = planUndo({
      events,
      refuses: (type, config) => undoRefusal(stepTypes, type, config),
    });
    const preview = toUndoPreview({
      runId: run.id,
      state,
      stepTypes,
      plan,
      reason:
        (options.credentials ? run.allowedActions.undo.reason : undefined) ??
        (await obstacleOfRetry(run, this.#options.store)) ??
        (await this.#refusal({ kind: 'undo', run }, options.credentials)),
    });
    return { run, plan, preview, state };
  }

  async #load(
    id: string,
  ): Promise<{ run: Run; state: RunState; events: RunEvent[] }> {
    const { store, journal } = this.#options;
    const run = await store.get(id);
    if (!run) {
      throw new NotFoundError(`There is no run "${id}"`);
    }
    if (run.endedAt === undefined) {
      throw new ProblemError({
        status: 409,
        code: 'RUN_NOT_ENDED',
        message: `Run ${run.number} is ${run.status}. Wait for its end, or cancel it first.`,
      });
    }
    const events = await journal.read(run.id);
    let state: RunState | undefined;
    for (const event of events) {
      state = evolve(state, event);
    }
    if (!state) {
      throw new ProblemError({
        status: 409,
        code: 'RUN_JOURNAL_MISSING',
        message: `What happened in run ${run.number} is not kept any more. Start anew instead.`,
      });
    }
    return { run, state, events };
  }

  async #refusal(
    question: FollowUpQuestion,
    credentials: BackstageCredentials | undefined,
  ): Promise<string | undefined> {
    if (credentials) {
      const denied = await whyDenied(() =>
        this.#requireStart(question, credentials),
      );
      if (denied !== undefined) {
        return denied;
      }
    }
    for (const origin of this.#origins) {
      const reason = await origin.refusal?.(question);
      if (reason !== undefined) {
        return reason;
      }
    }
    return undefined;
  }

  async #requireStart(
    question: FollowUpQuestion,
    credentials: BackstageCredentials,
  ): Promise<void> {
    for (const origin of this.#origins) {
      await origin.requireStart(credentials, question);
    }
  }

  /**
   * Answers the same call the same, should its process have died in between, or
   * should the other one be faster and leave nothing to follow.
   */
  async #once(
    { runId }: Pick<StartOptions<unknown>, 'runId'>,
    start: () => Promise<RunSummary>,
  ): Promise<RunSummary> {
    const { store } = this.#options;
    const existing = async () =>
      runId === undefined ? undefined : store.getSummary(runId);
    try {
      return (await existing()) ?? (await start());
    } catch (error) {
      const made = await existing();
      if (made) {
        return made;
      }
      throw error;
    }
  }

  async #start(
    run: Run,
    options: Omit<NewFollowUp, 'follow' | 'limits' | 'runtime'>,
  ): Promise<RunSummary> {
    const { knex, store, changes, runtimes, limits } = this.#options;
    const question = { kind: options.kind, run };
    for (const origin of this.#origins) {
      await origin.prepare?.(question);
    }
    await knex.transaction(transaction =>
      createFollowUp(transaction, {
        ...options,
        limits,
        runtime: runtimes.current,
        follow: async followUp => {
          for (const origin of this.#origins) {
            await origin.follow?.(transaction, { ...question, followUp });
          }
        },
      }),
    );
    const started = (await store.getSummary(options.runId)) as RunSummary;
    changes.publish({ kind: 'work' });
    changes.publish({ kind: 'groups' });
    for (const { id, version, ended } of [
      { ...run, version: run.version + 1, ended: true },
      { ...started, ended: started.endedAt !== undefined },
    ]) {
      changes.publish({ kind: 'run', runId: id, version, ended });
    }
    return started;
  }
}
