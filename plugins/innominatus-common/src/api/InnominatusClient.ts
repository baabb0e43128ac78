import { JsonObject, JsonValue } from '../json';
import { ApprovalState } from '../workflow/approval';
import { RunStatus } from '../workflow/types';
import {
  CallOptions,
  InnominatusClientOptions,
  Query,
  pathOf,
  send,
  sendJson,
} from './request';
import { StreamEvent, readStream } from './stream';
import {
  Application,
  ApplicationSummary,
  Approval,
  ApprovalDecisionRequest,
  DeploymentRequest,
  DeploymentSummary,
  Environment,
  GoldenPath,
  GoldenPathRunRequest,
  Page,
  Plan,
  PlanRequest,
  ProviderSummary,
  Resource,
  RetryPreview,
  RetryRequest,
  Run,
  RunLogLine,
  RunStep,
  RunSummary,
  Schedule,
  ScoreValidation,
  StepAttempt,
  UndoPreview,
  UndoRequest,
} from './types';

/** Options of every list. @public */
export interface ListOptions extends CallOptions {
  limit?: number;
  cursor?: string;
  sort?: string;
  count?: boolean;
}

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
 * Client of the API of innominatus, version 1.
 *
 * @public
 */
export class InnominatusClient {
  readonly #options: InnominatusClientOptions;

  constructor(options: InnominatusClientOptions) {
    this.#options = options;
  }

  async getVersion(call?: CallOptions): Promise<{ version: string }> {
    return this.#get(['version'], {}, call);
  }

  async validateScore(
    body: { score: string; file?: string },
    call?: CallOptions,
  ): Promise<ScoreValidation> {
    return this.#post(['score', 'validate'], body, call);
  }

  async analyzeScore(
    body: { score: string; file?: string },
    call?: CallOptions,
  ): Promise<JsonObject> {
    return this.#post(['score', 'analyze'], body, call);
  }

  async listApplications(
    options: ListOptions & {
      environment?: string[];
      entityRef?: string[];
      name?: string[];
    } = {},
  ): Promise<Page<ApplicationSummary>> {
    const { environment, entityRef, name, ...list } = options;
    return this.#list(['applications'], list, { environment, entityRef, name });
  }

  async getApplication(
    application: { environment: string; name: string },
    call?: CallOptions,
  ): Promise<Application> {
    return this.#get(
      ['applications', application.environment, application.name],
      {},
      call,
    );
  }

  /** Changes nothing outside; always safe to call. */
  async plan(
    application: { environment: string; name: string },
    request: PlanRequest,
    call?: CallOptions,
  ): Promise<Plan> {
    return this.#post(
      ['applications', application.environment, application.name, 'plans'],
      request,
      call,
    );
  }

  async getPlan(id: string, call?: CallOptions): Promise<Plan> {
    return this.#get(['plans', id], {}, call);
  }

  /**
   * Starts a deployment; follow its run.
   *
   * @param idempotencyKey - The same key and request start one deployment only.
   */
  async deploy(
    application: { environment: string; name: string },
    request: DeploymentRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<DeploymentSummary> {
    return this.#post(
      [
        'applications',
        application.environment,
        application.name,
        'deployments',
      ],
      request,
      call,
    );
  }

  async listDeployments(
    options: ListOptions & { environment?: string[]; name?: string[] } = {},
  ): Promise<Page<DeploymentSummary>> {
    const { environment, name, ...list } = options;
    return this.#list(['deployments'], list, { environment, name });
  }

  async getDeployment(
    id: string,
    call?: CallOptions,
  ): Promise<DeploymentSummary> {
    return this.#get(['deployments', id], {}, call);
  }

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
    } = {},
  ): Promise<Page<RunSummary>> {
    const { limit, cursor, sort, count, signal, ...filter } = options;
    return this.#list(['runs'], { limit, cursor, sort, count, signal }, filter);
  }

  /** @param id - Id or number of the run. */
  async getRun(id: string, call?: CallOptions): Promise<Run> {
    return this.#get(['runs', id], {}, call);
  }

  async getRunSteps(
    id: string,
    call?: CallOptions,
  ): Promise<{ items: RunStep[] }> {
    return this.#get(['runs', id, 'steps'], {}, call);
  }

  /** One step with each of its attempts, the first one first. */
  async getRunStep(
    id: string,
    step: string,
    call?: CallOptions,
  ): Promise<RunStep & { attempts: StepAttempt[] }> {
    return this.#get(['runs', id, 'steps', step], {}, call);
  }

  async getRunLogs(
    id: string,
    options: LogOptions = {},
  ): Promise<{ items: RunLogLine[]; nextAfter?: number }> {
    const { signal, ...query } = options;
    return this.#get(['runs', id, 'logs'], query, { signal });
  }

  /** Lines as they are written, until the run has ended. */
  followRunLogs(
    id: string,
    options: LogOptions = {},
  ): AsyncGenerator<StreamEvent<RunLogLine>> {
    const { signal, ...query } = options;
    return readStream(this.#options, {
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
    return readStream(this.#options, {
      path: pathOf('runs', id, 'events'),
      signal: call.signal,
    });
  }

  async cancelRun(
    id: string,
    body: { reason?: string } = {},
    call?: CallOptions,
  ): Promise<void> {
    await send(this.#options, {
      method: 'POST',
      path: pathOf('runs', id, 'cancel'),
      body,
      signal: call?.signal,
    });
  }

  /** Steps that run now end; no other step begins until the run is resumed. */
  async pauseRun(id: string, call?: CallOptions): Promise<void> {
    await send(this.#options, {
      method: 'POST',
      path: pathOf('runs', id, 'pause'),
      body: {},
      signal: call?.signal,
    });
  }

  async resumeRun(id: string, call?: CallOptions): Promise<void> {
    await send(this.#options, {
      method: 'POST',
      path: pathOf('runs', id, 'resume'),
      body: {},
      signal: call?.signal,
    });
  }

  async listApprovals(
    options: ListOptions & {
      state?: ApprovalState[];
      /** Ids or numbers of runs. */
      run?: string[];
      environment?: string[];
      application?: string[];
      /** Only what the caller may decide. */
      approver?: ['me'];
    } = {},
  ): Promise<Page<Approval>> {
    const { limit, cursor, sort, count, signal, ...filter } = options;
    return this.#list(
      ['approvals'],
      { limit, cursor, sort, count, signal },
      filter,
    );
  }

  async getApproval(id: string, call?: CallOptions): Promise<Approval> {
    return this.#get(['approvals', id], {}, call);
  }

  /**
   * Approves or rejects as the caller.
   *
   * @param idempotencyKey - The same key and request count once.
   */
  async decideApproval(
    id: string,
    request: ApprovalDecisionRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<Approval> {
    return this.#post(['approvals', id, 'decisions'], request, call);
  }

  /** @param from - Run again from this step, even if it succeeded. */
  async getRetryPreview(
    id: string,
    options: CallOptions & { from?: string } = {},
  ): Promise<RetryPreview> {
    const { signal, from } = options;
    return this.#get(['runs', id, 'retry-preview'], { from }, { signal });
  }

  /**
   * Starts a run that tries an ended one again; answers the new run.
   *
   * @param idempotencyKey - The same key and request start one run only.
   */
  async retryRun(
    id: string,
    request: RetryRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<RunSummary> {
    return this.#post(['runs', id, 'retry'], request, call);
  }

  async getUndoPreview(id: string, call?: CallOptions): Promise<UndoPreview> {
    return this.#get(['runs', id, 'undo-preview'], {}, call);
  }

  /**
   * Starts a run that takes back what an ended one did; answers the new run.
   *
   * @param idempotencyKey - The same key and request start one run only.
   */
  async undoRun(
    id: string,
    request: UndoRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<RunSummary> {
    return this.#post(['runs', id, 'undo'], request, call);
  }

  async listGoldenPaths(
    options: ListOptions & { category?: string[] } = {},
  ): Promise<Page<GoldenPath>> {
    const { category, ...list } = options;
    return this.#list(['golden-paths'], list, { category });
  }

  async getGoldenPath(name: string, call?: CallOptions): Promise<GoldenPath> {
    return this.#get(['golden-paths', name], {}, call);
  }

  async runGoldenPath(
    name: string,
    request: GoldenPathRunRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<RunSummary> {
    return this.#post(['golden-paths', name, 'runs'], request, call);
  }

  async listSchedules(
    options: ListOptions & { name?: string[]; owner?: string[] } = {},
  ): Promise<Page<Schedule>> {
    const { name, owner, ...list } = options;
    return this.#list(['schedules'], list, { name, owner });
  }

  async getSchedule(name: string, call?: CallOptions): Promise<Schedule> {
    return this.#get(['schedules', name], {}, call);
  }

  /** No run is started until it is resumed. */
  async pauseSchedule(name: string, call?: CallOptions): Promise<Schedule> {
    return this.#post(['schedules', name, 'pause'], {}, call);
  }

  async resumeSchedule(name: string, call?: CallOptions): Promise<Schedule> {
    return this.#post(['schedules', name, 'resume'], {}, call);
  }

  /** Starts a run now; the times of the schedule stay as they are. */
  async triggerSchedule(
    name: string,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<RunSummary> {
    return this.#post(['schedules', name, 'trigger'], {}, call);
  }

  async listEnvironments(
    options: ListOptions = {},
  ): Promise<Page<Environment>> {
    return this.#list(['environments'], options, {});
  }

  async getEnvironment(name: string, call?: CallOptions): Promise<Environment> {
    return this.#get(['environments', name], {}, call);
  }

  async getProvider(
    name: string,
    call?: CallOptions,
  ): Promise<ProviderSummary> {
    return this.#get(['providers', name], {}, call);
  }

  async listProviders(
    options: ListOptions = {},
  ): Promise<Page<ProviderSummary>> {
    return this.#list(['providers'], options, {});
  }

  async listResources(
    options: ListOptions & {
      environment?: string[];
      workload?: string[];
      type?: string[];
      state?: string[];
    } = {},
  ): Promise<Page<Resource>> {
    const { limit, cursor, sort, count, signal, ...filter } = options;
    return this.#list(
      ['resources'],
      { limit, cursor, sort, count, signal },
      filter,
    );
  }

  async getResource(id: string, call?: CallOptions): Promise<Resource> {
    return this.#get(['resources', id], {}, call);
  }

  #get<T>(segments: string[], query: Query, call?: CallOptions): Promise<T> {
    return sendJson<T>(this.#options, {
      path: pathOf(...segments),
      query,
      signal: call?.signal,
    });
  }

  #post<T>(
    segments: string[],
    body: JsonValue | object,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<T> {
    return sendJson<T>(this.#options, {
      method: 'POST',
      path: pathOf(...segments),
      body,
      signal: call?.signal,
      headers: call?.idempotencyKey
        ? { 'idempotency-key': call.idempotencyKey }
        : undefined,
    });
  }

  #list<T>(
    segments: string[],
    options: ListOptions,
    filter: Record<string, string[] | undefined>,
  ): Promise<Page<T>> {
    const query: Query = {
      limit: options.limit,
      cursor: options.cursor,
      sort: options.sort,
      count: options.count,
    };
    for (const [field, values] of Object.entries(filter)) {
      query[`filter[${field}]`] = values;
    }
    return this.#get(segments, query, { signal: options.signal });
  }
}
