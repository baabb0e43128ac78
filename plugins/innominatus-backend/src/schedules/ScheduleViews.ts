import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  AllowedAction,
  RunSummary,
  Schedule,
  goldenPathRunPermission,
  runReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl, AccessSubject } from '../access/types';
import { toTimestamp } from '../database';
import { RunStore } from '../runs/RunStore';
import { upcomingTimes } from './ScheduleService';
import { ScheduledDefinition, ScheduleState, ScheduleStore } from './types';

export interface ScheduleViewsOptions {
  store: ScheduleStore;
  runStore: RunStore;
  access: AccessControl;
}

/** What the permission rules look at. */
export function scheduleSubject(
  definition: ScheduledDefinition,
): AccessSubject {
  const { name, owner, category } = definition;
  return { goldenPath: name, owner, category };
}

/** Schedules as callers see them. */
export class ScheduleViews {
  readonly #options: ScheduleViewsOptions;

  static create(options: ScheduleViewsOptions): ScheduleViews {
    return new ScheduleViews(options);
  }

  private constructor(options: ScheduleViewsOptions) {
    this.#options = options;
  }

  /** The same number of questions for any number of schedules. */
  async toSchedules(
    definitions: ScheduledDefinition[],
    credentials: BackstageCredentials,
  ): Promise<Schedule[]> {
    const { store, access } = this.#options;
    const [states, answers] = await Promise.all([
      store.list(definitions.map(({ name }) => name)),
      access.check(
        credentials,
        definitions.map(definition => ({
          permission: goldenPathRunPermission,
          subject: scheduleSubject(definition),
        })),
      ),
    ]);
    const runs = await this.#readableRuns(
      [...states.values()].flatMap(({ lastRunId }) => lastRunId ?? []),
      credentials,
    );
    return definitions.map((definition, index) => {
      const state = states.get(definition.name);
      return toSchedule(definition, {
        state,
        run: runs.get(state?.lastRunId ?? ''),
        answer: answers[index],
      });
    });
  }

  async #readableRuns(
    ids: string[],
    credentials: BackstageCredentials,
  ): Promise<Map<string, RunSummary>> {
    const { runStore, access } = this.#options;
    const [runs, subjects] = await Promise.all([
      runStore.summaries(ids),
      runStore.subjects(ids),
    ]);
    const known = [...runs.keys()];
    const answers = await access.check(
      credentials,
      known.map(id => ({
        permission: runReadPermission,
        subject: subjects.get(id),
      })),
    );
    known.forEach((id, index) => {
      if (!answers[index].allowed) {
        runs.delete(id);
      }
    });
    return runs;
  }
}

function toSchedule(
  definition: ScheduledDefinition,
  options: {
    state: ScheduleState | undefined;
    run: RunSummary | undefined;
    answer: AllowedAction;
  },
): Schedule {
  const { state, run, answer } = options;
  const { name, kind, title, owner, source, schedule } = definition;
  const { last, paused } = state ?? {};
  const unless = (isWrong: boolean, reason: string): AllowedAction =>
    answer.allowed && isWrong ? { allowed: false, reason } : answer;
  return {
    name,
    kind,
    title,
    owner,
    cron: schedule.cron,
    timezone: schedule.timezone,
    parameters: schedule.parameters,
    enabled: schedule.enabled,
    concurrencyPolicy: schedule.concurrencyPolicy,
    startingDeadline: `PT${schedule.startingDeadlineMs / 1000}S`,
    paused: paused && { by: paused.by, at: toTimestamp(paused.at) },
    nextTimes: upcomingTimes(definition, state).map(toTimestamp),
    last: last && { ...last, at: toTimestamp(last.at) },
    lastRun: run && { id: run.id, number: run.number, status: run.status },
    source,
    allowedActions: {
      pause: unless(
        paused !== undefined,
        `The schedule "${name}" is paused already.`,
      ),
      resume: unless(
        paused === undefined,
        `The schedule "${name}" is not paused.`,
      ),
      trigger: answer,
    },
  };
}
