import {
  JsonObject,
  JsonValue,
  Page,
  Run,
  RunLogLine,
  RunPurpose,
  RunStatus,
  RunSummary,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { BackstageCredentials } from '@backstage/backend-plugin-api';

/**
 * What a run belongs to. Copied onto the run, so that who may read it can be
 * decided without a second look-up.
 */
export interface RunApplication {
  environment: string;
  environmentType: string;
  name: string;
  entityRef?: string;
  /** Entity ref of the owner. */
  owner?: string;
}

export interface StartRunOptions {
  /** Derived id for nested runs; a fresh UUIDv7 otherwise. */
  runId?: string;
  definition: WorkflowDefinition;
  title?: string;
  goldenPath?: string;
  parameters: Record<string, JsonValue>;
  metadata?: JsonObject;
  environment?: { name: string; type: string; [key: string]: JsonValue };
  application?: RunApplication;
  /** For `${app.name}` in a nested run, which belongs to what its parent does. */
  app?: { name: string };
  deployment?: { id: string; number: number };
  /** Entity ref of a user, or the subject of a service. */
  initiator: string;
  parentRun?: { id: string; step: string };
  /** Of the runs with the same key only one is in progress; the others wait in order. */
  concurrencyKey?: string;
  /** Runs of the environment that may be in progress at the same time. */
  environmentLimit?: number;
  /** -100 to 100; default is that of the workflow, or of the run above. */
  priority?: number;
  /** Entity ref of the owner of a run without application, who may then read it. */
  ownerRef?: string;
  /** Set for runs that nobody asked for; they are not listed unless asked for. */
  purpose?: RunPurpose;
  /** Whose limits the run counts for; default the owner of the application, then the initiator. */
  team?: string;
}

export interface ListRunsOptions {
  limit: number;
  cursor?: string;
  filter: {
    status?: RunStatus[];
    environment?: string[];
    application?: string[];
    goldenPath?: string[];
    workflow?: string[];
    initiator?: string[];
    entityRef?: string[];
    /** Without it nested runs are left out. */
    parentRun?: string[];
    retryOf?: string[];
    undoOf?: string[];
    /** Without it runs that nobody asked for are left out. */
    purpose?: RunPurpose[];
  };
  sort: 'createdAt' | '-createdAt';
  count?: boolean;
}

/** Where runs are started, read and controlled. */
export interface RunService {
  /** Starts a run; the same `runId` again answers the run that exists. */
  start(options: StartRunOptions): Promise<RunSummary>;
  /** Throws when too many runs of the team wait already. */
  requireRoom(options: { team: string }): Promise<void>;
  /** By id or by number. Throws `NotFoundError`. No permission is checked. */
  get(idOrNumber: string): Promise<Run>;
  list(
    options: ListRunsOptions,
    credentials: BackstageCredentials,
  ): Promise<Page<RunSummary>>;
  cancel(options: { id: string; by: string; reason?: string }): Promise<void>;
  /** Steps that run now end; no other step begins until the run is resumed. */
  pause(options: { id: string; by: string }): Promise<void>;
  /** A run that is not paused, or has ended, stays as it is. */
  resume(options: { id: string; by: string }): Promise<void>;
  logs(options: {
    id: string;
    after?: number;
    limit: number;
    step?: string;
    attempt?: number;
    search?: string;
  }): Promise<RunLogLine[]>;
  /** Resolves when the run changed after `version`, has ended, or the signal aborts. */
  waitForChange(options: {
    id: string;
    version: number;
    signal: AbortSignal;
  }): Promise<void>;
  /** Resolves at the next change or log line, or after a second at the latest. */
  waitForActivity(options: { id: string; signal: AbortSignal }): Promise<void>;
  /** Resolves with the run once it is terminal. */
  waitForEnd(options: { id: string; signal: AbortSignal }): Promise<Run>;
  /**
   * Resolves with the run once it has ended, or waits for people or for
   * something outside, which may take days.
   */
  waitForRest(options: { id: string; signal: AbortSignal }): Promise<Run>;
  /** Something happened that a step of the run waits for; each id counts once. */
  wake(options: {
    id: string;
    step: string;
    signalId: string;
    by: string;
  }): Promise<void>;
  /**
   * The step above will be woken when the nested run ends. Answers `false` when
   * it has ended already.
   */
  wakeParentAtEnd(id: string): Promise<boolean>;
  /**
   * Called at least once for every run that ended, also after a restart.
   * A handler that throws is called again later.
   */
  onRunEnded(handler: (run: RunSummary) => Promise<void>): void;
}
