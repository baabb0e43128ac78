import {
  createExtensionPoint,
  LoggerService,
} from '@backstage/backend-plugin-api';

/**
 * One attempt of a step that a runtime has to carry out.
 *
 * @public
 */
export interface StepAssignment {
  runId: string;
  step: string;
  attempt: number;
  /**
   * Grows each time an attempt of the run was lost. The same attempt with a
   * higher token is a new assignment; the older one is refused from then on.
   */
  fencingToken: number;
}

/**
 * Where a run stands after {@link WorkflowRuntimeHost.advance}.
 *
 * @public
 */
export interface RunProgress {
  /** Number of the last event of the run; the next call names it as `after`. */
  seq: number;
  /** Attempts in progress that began after `after`; the runtime has them carried out. */
  started: StepAssignment[];
  /** Attempts that ended or were lost after `after`; nobody needs to wait for them. */
  over: StepAssignment[];
  /**
   * The next timer, on the clock of the host: advance again then, also when
   * nothing else happens.
   */
  wake?: { at: number; inMs: number };
  /** The run needs nothing more. */
  ended: boolean;
}

/**
 * Options of {@link WorkflowRuntimeHost.advance}.
 *
 * @public
 */
export interface AdvanceRunOptions {
  runId: string;
  /** `seq` of the progress before; default 0, which answers all attempts in progress. */
  after?: number;
  /**
   * Where the runtime can be told that the run got a signal, in words that only
   * the runtime understands. Stored before the signals are read, so that
   * whoever stores a signal afterwards finds it with
   * {@link WorkflowRuntimeHost.waitsAt}.
   */
  waitsAt?: string;
}

/**
 * What a runtime gets from the backend.
 *
 * @remarks
 * Everything that a run is made of stays with the host: its definition, its
 * events, the tables that people read, its secrets and its logs. The host also
 * decides, with the one reducer that all runtimes share, what follows from what
 * happened. A runtime has one duty: to call `advance` at least once after each
 * thing that happens to a run, and `executeStep` at least once for each attempt
 * that `advance` started. It may call too often, twice at the same time, and
 * again after a crash; the host answers the same.
 *
 * @public
 */
export interface WorkflowRuntimeHost {
  readonly logger: LoggerService;

  /**
   * Takes in what happened to a run (signals, attempts that ended, timers that
   * are due), decides what follows, and writes both with the tables that people
   * read. Resolves when it is on disk. Only one of several calls at the same
   * time writes; the others answer what it wrote.
   */
  advance(options: AdvanceRunOptions): Promise<RunProgress>;

  /**
   * Carries out an attempt and resolves when its outcome is on disk, where
   * `advance` finds it. A step that fails is an outcome, not an error. An error
   * means that the outcome is not known: call again, here or in another process.
   *
   * @remarks
   * An attempt that another process carries out is waited for. When that
   * process is gone, its lease runs out and the attempt is recorded as lost;
   * `advance` then starts it as its step type says, under a higher token. So no
   * assignment is ever carried out twice.
   */
  executeStep(assignment: StepAssignment): Promise<void>;

  /** The last `waitsAt` that `advance` was given for the run. */
  waitsAt(runId: string): Promise<string | undefined>;

  /**
   * Takes no more attempts, lets those in progress here end within the time for
   * a shutdown, and then records them as lost, so that others carry on at once.
   */
  drain(): Promise<void>;
}

/**
 * Whether a runtime can work on runs now.
 *
 * @public
 */
export interface RuntimeHealth {
  ok: boolean;
  /** One sentence for people, when it is not `ok`. */
  message?: string;
}

/**
 * Works on runs: an engine that delivers what happens to a run and has its
 * steps carried out.
 *
 * @public
 */
export interface WorkflowRuntime {
  /** Resolves without waiting for servers that do not answer yet. */
  start(): Promise<void>;
  /** Drains: no new work, and what is in progress ends or is handed over. */
  stop(): Promise<void>;
  /** Has the run worked on until it ends. Does nothing the second time. */
  submit(runId: string): Promise<void>;
  /** A signal for the run was stored. May be called more than once for it. */
  notify(runId: string): Promise<void>;
  health(): Promise<RuntimeHealth>;
}

/**
 * Makes the runtime of one type.
 *
 * @public
 */
export interface WorkflowRuntimeFactory {
  /** The word in `innominatus.engine.type`. */
  type: string;
  /**
   * Called when runs of this type may have to be worked on. Throws when the
   * configuration of the runtime is missing or not valid.
   */
  create(host: WorkflowRuntimeHost): Promise<WorkflowRuntime>;
}

/**
 * Where modules bring in runtimes.
 *
 * @public
 */
export interface InnominatusRuntimeExtensionPoint {
  addRuntime(factory: WorkflowRuntimeFactory): void;
}

/** @public */
export const innominatusRuntimeExtensionPoint =
  createExtensionPoint<InnominatusRuntimeExtensionPoint>({
    id: 'innominatus.runtime',
  });
