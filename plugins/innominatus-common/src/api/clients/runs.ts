import { RunStatus } from '../../workflow/types';
import { CallOptions, pathOf } from '../request';
import { StreamEvent } from '../stream';
import {
  Page,
  Run,
  RunLogLine,
  RunPurpose,
  RunStep,
  RunSummary,
  StepAttempt,
} from '../types';
import { ListOptions } from './ApiCalls';
import { DeploymentCalls } from './deployments';

/** Which log lines are meant. @public */
export interface LogOptions extends CallOptions {
  /** Only lines after this sequence number. */
  after?: number;
  limit?: number;
  step?: string;
  attempt?: number;
  search?: string;
}

/**
 * Runs, their steps, logs and events.
 *
 * @public
 */
export abstract class RunCalls extends DeploymentCalls {
  async listRuns(
    options: ListOptions & {
      status?: RunStatus[];
      environment?: string[];
      application?: string[];
      goldenPath?: string[];
      workflow?: string[];
      initiator?: string[];
      entityRef?: string[];
      parentRun?: string[];
      retryOf?: string[];
      undoOf?: string[];
      /** Runs that nobody asked for, which are left out otherwise. */
      purpose?: RunPurpose[];
    } = {},
  ): Promise<Page<RunSummary>> {
    const { limit, cursor, sort, count, signal, ...filter } = options;
    return this.list(['runs'], { limit, cursor, sort, count, signal }, filter);
  }

  /** @param id - Id or number of the run. */
  async getRun(id: string, call?: CallOptions): Promise<Run> {
    return this.get(['runs', id], {}, call);
  }

  async getRunSteps(
    id: string,
    call?: CallOptions,
  ): Promise<{ items: RunStep[] }> {
    return this.get(['runs', id, 'steps'], {}, call);
  }

  /** One step with each of its attempts, the first one first. */
  async getRunStep(
    id: string,
    step: string,
    call?: CallOptions,
  ): Promise<RunStep & { attempts: StepAttempt[] }> {
    return this.get(['runs', id, 'steps', step], {}, call);
  }

  async getRunLogs(
    id: string,
    options: LogOptions = {},
  ): Promise<{ items: RunLogLine[]; nextAfter?: number }> {
    const { signal, ...query } = options;
    return this.get(['runs', id, 'logs'], query, { signal });
  }

  /** Lines as they are written, until the run has ended. */
  followRunLogs(
    id: string,
    options: LogOptions = {},
  ): AsyncGenerator<StreamEvent<RunLogLine>> {
    const { signal, ...query } = options;
    return this.follow({
      path: pathOf('runs', id, 'logs'),
      query,
      signal,
    });
  }

  /** The run each time it changed, until it has ended. */
  followRun(
    id: string,
    call: CallOptions = {},
  ): AsyncGenerator<StreamEvent<RunSummary>> {
    return this.follow({
      path: pathOf('runs', id, 'events'),
      signal: call.signal,
    });
  }

  async cancelRun(
    id: string,
    body: { reason?: string } = {},
    call?: CallOptions,
  ): Promise<void> {
    await this.send(['runs', id, 'cancel'], body, call);
  }

  /** Steps that run now end; no other step begins until the run is resumed. */
  async pauseRun(id: string, call?: CallOptions): Promise<void> {
    await this.send(['runs', id, 'pause'], {}, call);
  }

  async resumeRun(id: string, call?: CallOptions): Promise<void> {
    await this.send(['runs', id, 'resume'], {}, call);
  }
}
