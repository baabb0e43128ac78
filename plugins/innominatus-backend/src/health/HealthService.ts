import { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  Environment,
  InterpolationError,
  JsonObject,
  ProviderHealthCheck,
  ProviderResourceType,
  ResourceState,
  fillProviderTemplate,
  findForgedSecret,
  formatDuration,
  isSecretReference,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  HealthCheckContext,
  HealthChecker,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { DefinitionRegistry } from '../definitions';
import { environmentInput } from '../environments/environmentInput';
import { environmentOf } from '../environments/environmentOf';
import { identityOf, makerOf } from '../resources/providerOf';
import { ResourceRecord } from '../resources/types';
import { HealthClaim, HealthResult, HealthStore } from './types';

const TICK_SECONDS = 5;
/** Beside the timeout of the check, which is ten minutes at most. */
const LEASE_MS = 11 * 60_000;
/** Share of the interval by which checks are spread, so that they do not gather. */
const JITTER = 0.1;
const HOUR = { hours: 1 };
const LONGEST_MESSAGE = 500;

export interface HealthServiceOptions {
  store: HealthStore;
  registry: DefinitionRegistry;
  checkers: HealthChecker[];
  logger: LoggerService;
  /** Checks at the same time in this process. */
  concurrency: number;
  /** How long the history is kept. */
  historyMs: number;
  /** Called when a check changed the state of a resource. */
  onChange?: (record: ResourceRecord, state: ResourceState) => void;
}

interface FoundCheck {
  check: ProviderHealthCheck;
  resourceType: ProviderResourceType;
  environment: Environment;
}

/**
 * Looks after the health of resources.
 *
 * Every backend looks for what is due every few seconds; each resource goes to
 * one of them. A check that cannot be made (no such checker, a host that is not
 * allowed) leaves the state of the resource alone and is shown as `unknown`.
 */
export class HealthService {
  readonly #options: HealthServiceOptions;
  readonly #checkers: Map<string, HealthChecker>;
  readonly #stopped = new AbortController();
  #round: Promise<unknown> = Promise.resolve();

  static create(options: HealthServiceOptions): HealthService {
    return new HealthService(options);
  }

  private constructor(options: HealthServiceOptions) {
    this.#options = options;
    this.#checkers = new Map(options.checkers.map(item => [item.name, item]));
    options.registry.addChangeListener(() => {
      void this.enroll();
    });
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: 'innominatus-health-checks',
      scope: 'local',
      frequency: { seconds: TICK_SECONDS },
      initialDelay: { seconds: TICK_SECONDS },
      timeout: { minutes: 30 },
      fn: async signal => {
        await this.checkDue(signal);
      },
    });
    await scheduler.scheduleTask({
      id: 'innominatus-health-history',
      scope: 'global',
      frequency: HOUR,
      initialDelay: { minutes: 2 },
      timeout: { minutes: 30 },
      fn: async signal => {
        const { store, historyMs } = this.#options;
        await store.deleteHistory({ ageMs: historyMs, signal });
      },
    });
    await this.enroll();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#round;
  }

  /** Checks everything that is due; answers how many checks there were. */
  async checkDue(signal?: AbortSignal): Promise<number> {
    const round = this.#checkDue(signal);
    this.#round = round.catch(() => {});
    return round;
  }

  /** Checks one resource now. Throws `ConflictError` when there is no check. */
  async checkNow(record: ResourceRecord): Promise<HealthResult> {
    const found = await this.#find(record);
    if (!found) {
      throw new ConflictError(
        `The provider of the resource "${record.uid}" declares no health check.`,
      );
    }
    const claim = await this.#options.store.claim({
      id: record.id,
      leaseMs: LEASE_MS,
    });
    if (!claim) {
      throw new ConflictError(
        `The resource "${record.uid}" is ${record.state}; its health is checked while it is active or degraded.`,
      );
    }
    const result = await this.#check(claim, found);
    if (!result) {
      throw new ConflictError('The backend is about to stop. Try again.');
    }
    return result;
  }

  /** Has resources looked at whose provider got a health check. Never rejects. */
  async enroll(): Promise<void> {
    const { registry, store, logger } = this.#options;
    try {
      for (const { name, resourceTypes } of registry.providers()) {
        const types = resourceTypes
          .filter(item => item.healthCheck)
          .flatMap(item => [item.type, ...item.aliases]);
        if (types.length > 0) {
          await store.enroll({ provider: name, types });
        }
      }
    } catch (error) {
      logger.error(
        'The resources with health checks could not be looked up',
        error instanceof Error ? error : undefined,
      );
    }
  }

  async #checkDue(signal?: AbortSignal): Promise<number> {
    const { store, concurrency } = this.#options;
    let count = 0;
    const isOver = () => signal?.aborted || this.#stopped.signal.aborted;
    const claim = (limit: number) =>
      isOver() ? [] : store.claimDue({ limit, leaseMs: LEASE_MS });
    // Who is done takes the next one, so that the slow do not hold up the quick.
    const worker = async (first: HealthClaim) => {
      for (let claims = [first]; claims.length > 0; claims = await claim(1)) {
        await this.#checkClaimed(claims[0]);
        count += 1;
      }
    };
    await Promise.all((await claim(concurrency)).map(worker));
    return count;
  }

  /** Never rejects: one resource does not hold up the others. */
  async #checkClaimed(claim: HealthClaim): Promise<void> {
    const { store, logger } = this.#options;
    try {
      const found = await this.#find(claim.record);
      if (found) {
        await this.#check(claim, found);
      } else {
        await store.release(claim);
      }
    } catch (error) {
      logger.error(
        `The health of the resource "${claim.record.uid}" could not be recorded`,
        error instanceof Error ? error : undefined,
      );
    }
  }

  async #find(record: ResourceRecord): Promise<FoundCheck | undefined> {
    const { registry } = this.#options;
    const environment = await environmentOf(registry, {
      environment: record.environment,
      name: record.workload,
    });
    if (!environment) {
      return undefined;
    }
    try {
      const { resourceType } = makerOf(record, {
        environment,
        providers: registry.providers(),
      });
      const check = resourceType.healthCheck;
      return check && { check, resourceType, environment };
    } catch (error) {
      if (error instanceof StepFailure) {
        return undefined;
      }
      throw error;
    }
  }

  async #check(
    claim: HealthClaim,
    found: FoundCheck,
  ): Promise<HealthResult | undefined> {
    const { store, onChange } = this.#options;
    const { check } = found;
    const begun = performance.now();
    const outcome = await this.#outcome(claim.record, found);
    if (!outcome) {
      return undefined;
    }
    const result = {
      status: outcome.status,
      message: outcome.message.slice(0, LONGEST_MESSAGE),
      durationMs: performance.now() - begun,
    };
    const after = await store.record({
      ...result,
      claim,
      failureThreshold: check.failureThreshold,
      successThreshold: check.successThreshold,
      nextInMs: check.intervalMs * (1 + JITTER * (Math.random() * 2 - 1)),
    });
    if (after?.changed) {
      onChange?.(claim.record, after.state);
    }
    return result;
  }

  /** Nothing when the backend stops in the middle: somebody else will look. */
  async #outcome(
    record: ResourceRecord,
    { check, environment }: FoundCheck,
  ): Promise<Pick<HealthResult, 'status' | 'message'> | undefined> {
    const { logger } = this.#options;
    const stop = this.#stopped.signal;
    // Of this check alone, so that nothing is aborted once it is over.
    const over = new AbortController();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      over.abort();
    }, check.timeoutMs);
    const onStop = () => over.abort();
    stop.addEventListener('abort', onStop, { once: true });
    try {
      const checker = this.#checkers.get(check.type);
      if (!checker) {
        throw new StepFailure(
          `There is no health check of the type "${check.type}". Known are: ${[...this.#checkers.keys()].join(', ')}. Install the module that brings it.`,
          { code: 'HEALTH_CHECK_UNKNOWN' },
        );
      }
      return await withSignal(over.signal, async signal =>
        checker.check({
          config: fillConfig(record, { check, checker, environment }),
          resource: toSubject(record),
          environment: environmentInput(environment),
          signal,
          logger,
        }),
      );
    } catch (error) {
      if (stop.aborted) {
        return undefined;
      }
      if (isLate) {
        return {
          status: 'unhealthy',
          message: `There was no answer within ${formatDuration(check.timeoutMs)}.`,
        };
      }
      if (error instanceof StepFailure) {
        return { status: 'unknown', message: error.message };
      }
      logger.warn(
        `The health of the resource "${record.uid}" could not be checked`,
        error instanceof Error ? error : undefined,
      );
      return {
        status: 'unknown',
        message: 'The check itself failed; the log of the backend says why.',
      };
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    }
  }
}

/** Gives up on what does not listen to its signal, too. */
function withSignal<T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function fillConfig(
  record: ResourceRecord,
  options: {
    check: ProviderHealthCheck;
    checker: HealthChecker;
    environment: Environment;
  },
): unknown {
  const { check, checker, environment } = options;
  let filled: JsonObject;
  try {
    filled = fillProviderTemplate(check.config, {
      params: record.resolvedParams ?? record.params,
      outputs: record.outputs as JsonObject,
      resource: identityOf({ ...record, id: record.sharedId }, record),
      metadata: {},
      environment: environmentInput(environment),
    }) as JsonObject;
  } catch (error) {
    if (error instanceof InterpolationError) {
      throw new StepFailure(error.message, { code: 'CONFIG_INVALID' });
    }
    throw error;
  }
  if (findForgedSecret(filled) !== undefined) {
    throw new StepFailure(
      'The health check names a secret, which it may not. Use a workflow instead.',
      { code: 'CONFIG_INVALID' },
    );
  }
  const result = checker.schema.safeParse(filled);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new StepFailure(
      `The health check is not configured right: ${issue.path.join('.')}: ${issue.message}.`,
      { code: 'CONFIG_INVALID' },
    );
  }
  return result.data;
}

function toSubject(record: ResourceRecord): HealthCheckContext['resource'] {
  const { id, uid, name, type, workload, outputs } = record;
  return {
    id,
    uid,
    name,
    type,
    class: record.class,
    workload,
    outputs: Object.fromEntries(
      Object.entries(outputs).filter(([, value]) => !isSecretReference(value)),
    ),
  };
}
