import { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import { ConflictError, NotFoundError } from '@backstage/errors';
import { RunSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { DefinitionRegistry } from '../definitions';
import { ProblemError } from '../http/ProblemError';
import { ResourceRecord, ResourceStore } from '../resources/types';
import { DriftAcceptance } from './DriftAcceptance';
import { DriftAnnouncer } from './DriftAnnouncer';
import { versionOf } from './DatabaseDriftStore';
import { ManifestLooks } from './ManifestLooks';
import { DriftSettings } from './readDriftConfig';
import { LOOK_TIMEOUT_MS, ResourceLooks } from './ResourceLooks';
import {
  DriftClaim,
  DriftStore,
  ManifestClaim,
  ManifestDriftStore,
} from './types';
import { withWorkers } from './withWorkers';

const TICK_SECONDS = 30;
const LEASE_MS = LOOK_TIMEOUT_MS + 60_000;
const JITTER = 0.1;
/** What was just made is not looked at at once. */
const FIRST_LOOK_MS = 10 * 60_000;
/** For looks of people when nobody else looks. */
const FAR_AWAY_MS = 365 * 24 * 60 * 60_000;

export interface DriftServiceOptions {
  store: DriftStore;
  manifestStore: ManifestDriftStore;
  applications: ApplicationStore;
  resources: ResourceStore;
  registry: DefinitionRegistry;
  looks: ResourceLooks;
  manifestLooks: ManifestLooks;
  acceptance: DriftAcceptance;
  announcer: DriftAnnouncer;
  settings: DriftSettings;
  logger: LoggerService;
}

/**
 * Finds out whether what is there is still what is recorded, and accepts it;
 * a deployment of the action `repair` brings back what is recorded.
 *
 * Every backend looks for what is due; each thing goes to one of them.
 */
export class DriftService {
  readonly #options: DriftServiceOptions;
  readonly #stopped = new AbortController();
  #round: Promise<unknown> = Promise.resolve();

  static create(options: DriftServiceOptions): DriftService {
    return new DriftService(options);
  }

  private constructor(options: DriftServiceOptions) {
    this.#options = options;
    options.registry.addChangeListener(() => {
      void this.enroll();
    });
  }

  async schedule(scheduler: SchedulerService): Promise<void> {
    if (this.#options.settings.intervalMs === undefined) {
      return;
    }
    await scheduler.scheduleTask({
      id: 'innominatus-drift',
      scope: 'local',
      frequency: { seconds: TICK_SECONDS },
      initialDelay: { seconds: TICK_SECONDS },
      timeout: { minutes: 30 },
      fn: async signal => {
        await this.checkDue(signal);
      },
    });
    await this.enroll();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#round;
  }

  /** Looks at everything that is due; answers how much that was. */
  async checkDue(signal?: AbortSignal): Promise<number> {
    const round = this.#checkDue(signal);
    this.#round = round.catch(() => {});
    return round;
  }

  /** Looks at an application now, or at one of its resources. */
  async check(
    application: ApplicationRecord,
    options: { resource?: string } = {},
  ): Promise<void> {
    const { store, manifestStore, settings } = this.#options;
    const records = await this.#recordsOf(application, options.resource);
    const waiting = [...records];
    await withWorkers(settings.concurrency, async () => {
      const record = waiting.shift();
      if (!record) {
        return false;
      }
      const claim = await store.claim({ id: record.id, leaseMs: LEASE_MS });
      if (claim) {
        await this.#lookAtResource(claim);
      }
      return true;
    });
    if (options.resource === undefined && application.status !== 'pending') {
      const claim = await manifestStore.claim({
        applicationId: application.id,
        leaseMs: LEASE_MS,
      });
      if (claim) {
        await this.#lookAtManifests(claim, application);
      }
    }
  }

  /**
   * Makes what is there the record of a resource. Looks once more: what is
   * accepted is what there is, and has to be what somebody saw.
   */
  async acceptResource(
    application: ApplicationRecord,
    options: { resource: string; version: string; reason: string; by: string },
  ): Promise<void> {
    const { store, looks, acceptance } = this.#options;
    const [record] = await this.#recordsOf(application, options.resource);
    const lookout = await looks.find(record);
    const claim =
      lookout && (await store.claim({ id: record.id, leaseMs: LEASE_MS }));
    if (!lookout || !claim) {
      throw new ConflictError(
        lookout
          ? `The resource "${record.uid}" is ${record.state}; drift is accepted while it is active or degraded.`
          : `The provider of the resource "${record.uid}" has no operation "read", so that nobody knows whether it drifted.`,
      );
    }
    const { look, found } = await looks.look(
      claim.record,
      lookout,
      this.#stopped.signal,
    );
    if (
      versionOf(look) !== options.version ||
      look.status === 'none' ||
      look.status === 'unknown'
    ) {
      await store.record({ claim, look, nextInMs: this.#nextInMs() });
      throw driftChanged(`the resource "${record.uid}"`);
    }
    await acceptance.accept({
      record: claim.record,
      lookout,
      found,
      reason: options.reason,
      by: options.by,
    });
    const after = await store.claim({ id: record.id, leaseMs: LEASE_MS });
    if (after) {
      await store.record({
        claim: after,
        look: { status: 'none', changes: [], runId: look.runId },
        nextInMs: this.#nextInMs(),
      });
    }
  }

  /** Lets the manifests be as they are until the next deployment. */
  async acceptManifests(
    application: ApplicationRecord,
    options: { version: string; reason: string; by: string },
  ): Promise<void> {
    const accepted = await this.#options.manifestStore.accept({
      ...options,
      applicationId: application.id,
    });
    if (!accepted) {
      throw driftChanged(
        `what was delivered of "${application.environment}/${application.name}"`,
      );
    }
  }

  /** What was found before a deployment does not hold after it. */
  async afterRun(run: RunSummary): Promise<void> {
    const { environment, name } = run.application ?? {};
    if (!run.deployment || environment === undefined || name === undefined) {
      return;
    }
    const { applications, manifestStore } = this.#options;
    const application = await applications.find({ environment, name });
    if (application?.revision === undefined) {
      if (application) {
        await manifestStore.remove(application.id);
      }
    } else if (run.status === 'succeeded') {
      await manifestStore.reset(application.id, FIRST_LOOK_MS);
    }
  }

  /** Has resources looked at whose provider got the operation `read`. Never rejects. */
  async enroll(): Promise<void> {
    const { registry, store, logger, settings } = this.#options;
    if (settings.intervalMs === undefined) {
      return;
    }
    try {
      for (const { name, resourceTypes } of registry.providers()) {
        const types = resourceTypes
          .filter(item => item.operations.read.workflow !== undefined)
          .flatMap(item => [item.type, ...item.aliases]);
        if (types.length > 0) {
          await store.enroll({ provider: name, types });
        }
      }
    } catch (error) {
      logger.error(
        'The resources whose drift can be found could not be looked up',
        error instanceof Error ? error : undefined,
      );
    }
  }

  async #checkDue(signal?: AbortSignal): Promise<number> {
    const { store, manifestStore, applications, settings } = this.#options;
    let count = 0;
    const isOver = () => signal?.aborted || this.#stopped.signal.aborted;
    const one = { limit: 1, leaseMs: LEASE_MS };
    await withWorkers(settings.concurrency, async () => {
      const [claim] = isOver() ? [] : await store.claimDue(one);
      if (!claim) {
        return false;
      }
      await this.#unlessItFails(
        `the resource "${claim.record.uid}"`,
        async () => {
          if (this.#isSkipped(claim.record, claim.record.type)) {
            await store.postpone(claim, this.#nextInMs());
          } else {
            if (await this.#lookAtResource(claim)) {
              count += 1;
            }
          }
        },
      );
      return true;
    });
    await withWorkers(settings.concurrency, async () => {
      const [claim] = isOver() ? [] : await manifestStore.claimDue(one);
      if (!claim) {
        return false;
      }
      const application = await applications.get(claim.applicationId);
      if (!application || this.#isSkipped(application)) {
        await manifestStore.postpone(claim, this.#nextInMs());
        return true;
      }
      const { environment, name } = application;
      await this.#unlessItFails(`"${environment}/${name}"`, async () => {
        if (await this.#lookAtManifests(claim, application)) {
          count += 1;
        }
      });
      return true;
    });
    return count;
  }

  /** Answers whether anybody can look. */
  async #lookAtResource(claim: DriftClaim): Promise<boolean> {
    const { store, looks, announcer } = this.#options;
    const lookout = await looks.find(claim.record);
    if (!lookout) {
      await store.release(claim);
      return false;
    }
    const { look } = await looks.look(
      claim.record,
      lookout,
      this.#stopped.signal,
    );
    const after = await store.record({
      claim,
      look,
      nextInMs: this.#nextInMs(),
    });
    if (
      after?.drift?.since !== undefined &&
      claim.record.drift?.since === undefined
    ) {
      await announcer.ofResource(after);
    }
    return true;
  }

  async #lookAtManifests(
    claim: ManifestClaim,
    application: ApplicationRecord,
  ): Promise<boolean> {
    const { manifestStore, manifestLooks, announcer } = this.#options;
    const look = await manifestLooks.look(application, this.#stopped.signal);
    if (!look) {
      await manifestStore.release(claim);
      return false;
    }
    const after = await manifestStore.record({
      claim,
      look,
      nextInMs: this.#nextInMs(),
    });
    if (after?.isNew) {
      await announcer.ofManifests(application);
    }
    return true;
  }

  /** One thing does not hold up the others; it is looked at again later. */
  async #unlessItFails(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#stopped.signal.aborted) {
        this.#options.logger.error(
          `The drift of ${what} could not be found out, trying again later`,
          error instanceof Error ? error : undefined,
        );
      }
    }
  }

  async #recordsOf(
    { environment, name }: ApplicationRecord,
    resource: string | undefined,
  ): Promise<ResourceRecord[]> {
    const records = await this.#options.resources.listUsedBy({
      environment,
      workload: name,
    });
    const wanted = records.filter(
      ({ name: own, uid }) =>
        resource === undefined || own === resource || uid === resource,
    );
    if (resource !== undefined && wanted.length === 0) {
      const names = records.map(record => `"${record.name}"`).join(', ');
      throw new NotFoundError(
        `The application "${environment}/${name}" has no resource "${resource}". Its resources are: ${names || 'none'}.`,
      );
    }
    return wanted;
  }

  #isSkipped(
    subject: { environment: string; environmentType: string },
    type?: string,
  ): boolean {
    const { settings } = this.#options;
    return (
      settings.skippedEnvironments.has(subject.environment) ||
      settings.skippedEnvironmentTypes.has(subject.environmentType) ||
      (type !== undefined && settings.skippedResourceTypes.has(type))
    );
  }

  #nextInMs(): number {
    const { intervalMs } = this.#options.settings;
    return intervalMs === undefined
      ? FAR_AWAY_MS
      : Math.round(intervalMs * (1 + JITTER * (Math.random() * 2 - 1)));
  }
}

function driftChanged(what: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'DRIFT_CHANGED',
    message: `What there is of ${what} is not what you saw, or there is no drift any more. Look at it again, then accept that.`,
  });
}
