import {
  ParameterDefinition,
  ScheduleDefinition,
  ScheduleOutcome,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';

/** A workflow or golden path with a schedule, as its file says. */
export interface ScheduledDefinition {
  name: string;
  kind: 'GoldenPath' | 'Workflow';
  title?: string;
  owner?: string;
  category?: string;
  source?: string;
  schedule: ScheduleDefinition;
  parameters: ParameterDefinition[];
  workflow: WorkflowDefinition;
}

/** What is known of a schedule beside its definition. Times in milliseconds. */
export interface ScheduleState {
  name: string;
  nextAt?: number;
  paused?: { by: string; at: number };
  /** Its run was decided on, and is not known to be there. */
  pendingAt?: number;
  last?: {
    at: number;
    outcome: ScheduleOutcome;
    message?: string;
  };
  lastRunId?: string;
}

/** Where the state of schedules is kept; shared by all replicas. */
export interface ScheduleStore {
  /** Brings the table in line with the definitions. */
  sync(options: {
    definitions: ScheduledDefinition[];
    now: number;
    /** Not when a location could not be read: then nothing is known of its rest. */
    removeOthers: boolean;
  }): Promise<void>;
  get(name: string): Promise<ScheduleState | undefined>;
  list(names: string[]): Promise<Map<string, ScheduleState>>;
  /** Those that are due, or whose run is not known to be there. */
  due(now: number): Promise<ScheduleState[]>;
  /** The first time at which one is due. */
  nextDue(): Promise<number | undefined>;
  /**
   * Decides on the time that has come. Answers `false` when another replica was
   * first, or the schedule was changed.
   */
  decide(options: {
    name: string;
    /** The `nextAt` that the decision is about. */
    expectedAt: number;
    nextAt: number | undefined;
    at: number;
    outcome: ScheduleOutcome;
    message?: string;
  }): Promise<boolean>;
  /** After the run of the pending time is there, or was refused. */
  settle(options: {
    name: string;
    pendingAt: number;
    runId?: string;
    failure?: string;
  }): Promise<void>;
  recordRun(options: { name: string; runId: string }): Promise<void>;
  pause(options: { name: string; by: string; now: number }): Promise<void>;
  resume(options: { name: string; nextAt: number | undefined }): Promise<void>;
}
