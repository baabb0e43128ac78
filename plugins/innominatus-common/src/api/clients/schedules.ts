import { CallOptions } from '../request';
import { Page, RunSummary, Schedule } from '../types';
import { ListOptions } from './ApiCalls';
import { GoldenPathCalls } from './goldenPaths';

/**
 * Schedules.
 *
 * @public
 */
export abstract class ScheduleCalls extends GoldenPathCalls {
  async listSchedules(
    options: ListOptions & { name?: string[]; owner?: string[] } = {},
  ): Promise<Page<Schedule>> {
    const { name, owner, ...list } = options;
    return this.list(['schedules'], list, { name, owner });
  }

  async getSchedule(name: string, call?: CallOptions): Promise<Schedule> {
    return this.get(['schedules', name], {}, call);
  }

  /** No run is started until it is resumed. */
  async pauseSchedule(name: string, call?: CallOptions): Promise<Schedule> {
    return this.post(['schedules', name, 'pause'], {}, call);
  }

  async resumeSchedule(name: string, call?: CallOptions): Promise<Schedule> {
    return this.post(['schedules', name, 'resume'], {}, call);
  }

  /** Starts a run now; the times of the schedule stay as they are. */
  async triggerSchedule(
    name: string,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<RunSummary> {
    return this.post(['schedules', name, 'trigger'], {}, call);
  }
}
