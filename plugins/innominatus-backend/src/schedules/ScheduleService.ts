import { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  RunSummary,
  lastTime,
  nextTimes,
  validateParameters,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DatabaseClock, derivedId } from '../database';
import { DefinitionRegistry } from '../definitions';
import { loop, WakeUp } from '../engine';
import { ProblemError } from '../http';
import { RunStore } from '../runs/RunStore';
import { RunService } from '../runs/types';
import { nextOf } from './DatabaseScheduleStore';
import { scheduledDefinitions } from './scheduledDefinitions';
import { ScheduledDefinition, ScheduleState, ScheduleStore } from './types';

/** Looked at least this often; also for definitions that another replica read. */
const LONGEST_PAUSE_MS = 15_000;
const SHORTEST_PAUSE_MS = 50;

export interface ScheduleServiceOptions {
  store: ScheduleStore;
  registry: Pick<DefinitionRegistry, 'goldenPaths' | 'workflows' | 'problems'>;
  runs: RunService;
  runStore: RunStore;
  clock: Pick<DatabaseClock, 'now' | 'sync'>;
  logger: LoggerService;
}

/**
 * Starts workflows at their times.
 *
 * For every time that comes there is one decision: to start a run, to leave the
 * time out because the run before is still in progress, or to record it as
 * missed because it is too late. The decision is one guarded statement that
 * moves the schedule on, so that one of several replicas takes it, on the clock
 * of the database. The run is started after it, under an id made of schedule
 * and time: should the process die in between, the next one that looks starts
 * it, and twice is once.
 *
 * After a downtime the last time that was passed counts, not each of them.
 */
export class ScheduleService {
  readonly #options: ScheduleServiceOptions;
  readonly #stop = new AbortController();
  readonly #wakeUp = WakeUp.create();
  #loop: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  static create(options: ScheduleServiceOptions): ScheduleService {
    return new ScheduleService(options);
  }

  private constructor(options: ScheduleServiceOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop ??= loop({
      task: 'start scheduled workflows',
      logger: this.#options.logger,
      signal: this.#stop.signal,
      intervalMs: LONGEST_PAUSE_MS,
      wake: this.#wakeUp,
      run: () => this.#lookAndPlan(),
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#loop;
  }

  /** Definitions were read again, or a schedule was changed. */
  wake(): void {
    this.#wakeUp.wake();
  }

  definitions(): ScheduledDefinition[] {
    return scheduledDefinitions(this.#options.registry);
  }

  definition(name: string): ScheduledDefinition {
    const found = this.definitions().find(item => item.name === name);
    if (!found) {
      throw new NotFoundError(`There is no schedule "${name}"`);
    }
    return found;
  }

  /** Starts what is due. For tests; the loop calls it as well. */
  async look(): Promise<void> {
    const { store, registry, clock } = this.#options;
    await clock.sync();
    const definitions = this.definitions();
    const now = clock.now();
    await store.sync({
      definitions,
      now,
      removeOthers: !registry
        .problems()
        .some(problem =>
          problem.diagnostics.some(
            ({ code }) => code === 'LOCATION_UNREADABLE',
          ),
        ),
    });
    const byName = new Map(definitions.map(item => [item.name, item]));
    const failures: unknown[] = [];
    for (const state of await store.due(now)) {
      // Another replica may know it; here nobody could start it.
      const definition = byName.get(state.name);
      if (definition) {
        // One that fails must not keep the others from their time.
        await this.#handle(definition, state, now).catch(error =>
          failures.push(error),
        );
      }
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }

  async pause(options: { name: string; by: string }): Promise<void> {
    const { store, clock } = this.#options;
    this.definition(options.name);
    await this.look();
    await store.pause({ ...options, now: clock.now() });
  }

  async resume(options: { name: string; by: string }): Promise<void> {
    const { store, clock } = this.#options;
    const { schedule } = this.definition(options.name);
    await this.look();
    await store.resume({
      name: options.name,
      nextAt: nextOf(schedule, clock.now()),
    });
    this.wake();
  }

  /** Starts a run now; the times of the schedule stay as they are. */
  async trigger(options: {
    name: string;
    by: string;
    id?: string;
  }): Promise<RunSummary> {
    const definition = this.definition(options.name);
    const run = await this.#startRun(definition, {
      runId: options.id,
      initiator: options.by,
    });
    await this.#options.store.recordRun({ name: options.name, runId: run.id });
    return run;
  }

  async #lookAndPlan(): Promise<void> {
    const { store, clock } = this.#options;
    clearTimeout(this.#timer);
    await this.look();
    const next = await store.nextDue();
    if (next !== undefined && !this.#stop.signal.aborted) {
      const untilNext = next - clock.now();
      this.#timer = setTimeout(
        () => this.wake(),
        Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, untilNext)),
      );
      this.#timer.unref();
    }
  }

  async #handle(
    definition: ScheduledDefinition,
    state: ScheduleState,
    now: number,
  ): Promise<void> {
    if (state.pendingAt !== undefined) {
      await this.#fire(definition, state.pendingAt);
      return;
    }
    if (state.nextAt === undefined) {
      return;
    }
    const { store } = this.#options;
    const { schedule, name } = definition;
    const at =
      lastTime(schedule, { after: state.nextAt, until: now }) ?? state.nextAt;
    const decision = await this.#decide(definition, state, { at, now });
    const won = await store.decide({
      name,
      expectedAt: state.nextAt,
      nextAt: nextOf(schedule, now),
      at,
      ...decision,
    });
    if (won && decision.outcome === 'started') {
      await this.#fire(definition, at);
    }
  }

  async #decide(
    { schedule }: ScheduledDefinition,
    state: ScheduleState,
    { at, now }: { at: number; now: number },
  ): Promise<{ outcome: 'started' | 'skipped' | 'missed'; message?: string }> {
    if (now - at > schedule.startingDeadlineMs) {
      return {
        outcome: 'missed',
        message: `No backend was there to start it before ${new Date(at + schedule.startingDeadlineMs).toISOString()}.`,
      };
    }
    const before =
      schedule.concurrencyPolicy === 'skip' && state.lastRunId !== undefined
        ? await this.#options.runStore.identify(state.lastRunId)
        : undefined;
    return before && !before.ended
      ? {
          outcome: 'skipped',
          message: `Run ${before.number} was still in progress.`,
        }
      : { outcome: 'started' };
  }

  async #fire(definition: ScheduledDefinition, at: number): Promise<void> {
    const { store, logger } = this.#options;
    const { name } = definition;
    try {
      const run = await this.#startRun(definition, {
        runId: derivedId(`schedule/${name}/${at}`),
        initiator: `schedule:${name}`,
        ownerRef: definition.owner,
      });
      await store.settle({ name, pendingAt: at, runId: run.id });
      logger.info(`The schedule "${name}" started run ${run.number}`, {
        runId: run.id,
      });
    } catch (error) {
      if (!(error instanceof ProblemError || error instanceof InputError)) {
        // The time stays pending, and the next look starts the run.
        throw error;
      }
      logger.warn(
        `The schedule "${name}" could not start a run: ${error.message}`,
      );
      await store.settle({ name, pendingAt: at, failure: error.message });
    }
  }

  async #startRun(
    definition: ScheduledDefinition,
    options: { runId?: string; initiator: string; ownerRef?: string },
  ): Promise<RunSummary> {
    const { name, kind, schedule, parameters, workflow } = definition;
    return this.#options.runs.start({
      ...options,
      definition: workflow,
      title: definition.title,
      goldenPath: kind === 'GoldenPath' ? name : undefined,
      // Checked when the file was read; this fills the defaults.
      parameters: validateParameters(parameters, schedule.parameters, {
        unknown: 'pass',
      }).values,
      team: definition.owner,
      concurrencyKey:
        schedule.concurrencyPolicy === 'queue' ? `schedule:${name}` : undefined,
    });
  }
}

/** The next three times, for people. */
export function upcomingTimes(
  { schedule }: ScheduledDefinition,
  state: ScheduleState | undefined,
): number[] {
  return state?.nextAt === undefined
    ? []
    : nextTimes(schedule, { after: state.nextAt - 1, count: 3 });
}
