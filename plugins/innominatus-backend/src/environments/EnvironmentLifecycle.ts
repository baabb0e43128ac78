import {
  AuthService,
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { NotificationService } from '@backstage/plugin-notifications-node';
import {
  dueNotice,
  formatDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { derivedId } from '../database';
import { DefinitionRegistry } from '../definitions';
import { DeploymentService } from '../deployments/DeploymentService';
import { DeploymentStore } from '../deployments/types';
import { EnvironmentRecord, EnvironmentStore } from './types';

const PAGE = 200;
/** A deletion that failed is tried again after this. */
const RETRY_MS = 10 * 60_000;

export interface EnvironmentLifecycleOptions {
  store: EnvironmentStore;
  registry: Pick<DefinitionRegistry, 'fileEnvironment'>;
  applications: ApplicationStore;
  deployments: DeploymentStore;
  service: Pick<DeploymentService, 'deploy' | 'withdraw'>;
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  notifications: Pick<NotificationService, 'send'>;
  publishEvent: (event: InnominatusEvent) => void;
  logger: LoggerService;
  /** For tests. */
  now?: () => number;
}

/**
 * Carries short-lived environments to their end: tells people before, starts to
 * remove what has expired, and removes the environment once nothing is in it.
 *
 * Each step is a guarded change of the row, or a deployment under an id that is
 * derived from what it follows. So several backends may look at the same time,
 * and one that dies is followed by another that does the same once more, which
 * is once.
 */
export class EnvironmentLifecycle {
  readonly #options: EnvironmentLifecycleOptions;
  readonly #now: () => number;

  static create(options: EnvironmentLifecycleOptions): EnvironmentLifecycle {
    return new EnvironmentLifecycle(options);
  }

  private constructor(options: EnvironmentLifecycleOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** One replica every minute. */
  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: 'innominatus-environments',
      scope: 'global',
      frequency: { minutes: 1 },
      timeout: { minutes: 5 },
      initialDelay: { seconds: 10 },
      fn: async () => {
        await this.look();
      },
    });
  }

  /** Never rejects. */
  async look(): Promise<void> {
    for (const record of await this.#list()) {
      try {
        await this.#lookAt(record);
      } catch (error) {
        this.#options.logger.warn(
          `The environment "${record.definition.name}" could not be looked after, trying again: ${(error as Error).message}`,
        );
      }
    }
  }

  async #list(): Promise<EnvironmentRecord[]> {
    try {
      return await this.#options.store.list();
    } catch (error) {
      this.#options.logger.warn(
        `Environments could not be looked after, trying again: ${(error as Error).message}`,
      );
      return [];
    }
  }

  async #lookAt(record: EnvironmentRecord): Promise<void> {
    const { store, logger, publishEvent } = this.#options;
    const { name } = record.definition;
    const now = this.#now();
    if (record.state === 'removing') {
      await this.#continueRemoval(record);
      return;
    }
    if (record.expiresAt === undefined) {
      return;
    }
    if (record.expiresAt <= now) {
      const { expiresAt } = record;
      if (await store.markRemoving({ name, now, expiredAt: expiresAt })) {
        logger.info(`The environment "${name}" has expired and is removed`);
        publishEvent({ type: 'environment.updated', environment: name });
      }
      await this.#continueRemoval(record);
      return;
    }
    await this.#announce(record, now);
  }

  async #announce(record: EnvironmentRecord, now: number): Promise<void> {
    const { store, publishEvent } = this.#options;
    const { expiresAt, expirySetAt = record.createdAt, noticedMs } = record;
    const { name } = record.definition;
    if (expiresAt === undefined) {
      return;
    }
    const noticeMs = dueNotice({
      expiresAt,
      setAt: expirySetAt,
      now,
      noticed: noticedMs,
    });
    if (
      noticeMs === undefined ||
      !(await store.takeNotice({ name, noticeMs, expiresAt, now }))
    ) {
      return;
    }
    await this.#notify(record, {
      title: `The environment "${name}" is removed in ${formatDuration(expiresAt - now)}`,
      description: `With everything in it, at ${new Date(expiresAt).toISOString()}. Extend it to keep it.`,
      severity: noticeMs > 60 * 60_000 ? 'normal' : 'high',
      // The same notice replaces itself, should it be given again.
      scope: `${name}/${expiresAt}/${noticeMs}`,
    });
    publishEvent({
      type: 'environment.expiring',
      environment: name,
      expiresAt: new Date(expiresAt).toISOString(),
      noticeSeconds: noticeMs / 1000,
    });
    await store.settleNotice({ name, noticeMs });
  }

  async #continueRemoval(record: EnvironmentRecord): Promise<void> {
    const { store, registry, logger, publishEvent } = this.#options;
    const { name } = record.definition;
    if (registry.fileEnvironment(name)) {
      logger.warn(
        `The environment "${name}" is defined in a file by now; what is in it stays`,
      );
      return;
    }
    await this.#withdrawHeld(name);
    const applications = await this.#applicationsIn(name);
    for (const application of applications) {
      await this.#deleteApplication(application);
    }
    if (applications.length > 0 || !(await store.deleteRemoved(name))) {
      return;
    }
    logger.info(`The environment "${name}" was removed`);
    publishEvent({ type: 'environment.removed', environment: name });
    await this.#notify(record, {
      title: `The environment "${name}" was removed`,
      severity: 'low',
      scope: `${name}/${record.createdAt}/removed`,
    });
  }

  /** Nobody has to be asked any more about what cannot happen. */
  async #withdrawHeld(environment: string): Promise<void> {
    const { deployments, service, auth, logger } = this.#options;
    const held = await deployments.listHeld();
    for (const record of held) {
      if (record.environment !== environment) {
        continue;
      }
      try {
        await service.withdraw(record, {
          reason: `The environment "${environment}" is removed.`,
          credentials: await auth.getOwnServiceCredentials(),
        });
      } catch (error) {
        logger.warn(
          `Deployment ${record.number} of "${environment}/${record.name}" could not be withdrawn with its environment, trying again: ${(error as Error).message}`,
        );
      }
    }
  }

  async #applicationsIn(environment: string): Promise<ApplicationRecord[]> {
    const found: ApplicationRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#options.applications.list({
        limit: PAGE,
        cursor,
        filter: { environment: [environment] },
        sort: 'name',
        restrict: () => {},
      });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  async #deleteApplication(application: ApplicationRecord): Promise<void> {
    const { deployments, service, auth, logger } = this.#options;
    const { environment, name, lastDeploymentId } = application;
    const last =
      lastDeploymentId === undefined
        ? undefined
        : await deployments.get(lastDeploymentId);
    if (
      last?.action === 'delete' &&
      (last.endedAt === undefined || this.#now() - last.endedAt < RETRY_MS)
    ) {
      return;
    }
    try {
      await service.deploy({
        environment,
        name,
        id: derivedId(
          `environment-removal/${application.id}/${lastDeploymentId ?? ''}`,
        ),
        request: { action: 'delete' },
        credentials: await auth.getOwnServiceCredentials(),
        endsEnvironment: true,
      });
    } catch (error) {
      // The others have to go nevertheless.
      logger.warn(
        `The application "${environment}/${name}" could not be deleted with its environment, trying again: ${(error as Error).message}`,
      );
    }
  }

  /** To who made it, and to the owners of what is in it. */
  async #notify(
    record: EnvironmentRecord,
    payload: {
      title: string;
      description?: string;
      severity: 'low' | 'normal' | 'high';
      scope: string;
    },
  ): Promise<void> {
    const { name, owner } = record.definition;
    const applications = await this.#applicationsIn(name);
    const entityRef = [
      ...new Set(
        [
          record.createdBy,
          owner,
          ...applications.map(application => application.owner),
        ].filter(ref => ref !== undefined && /^(user|group):/.test(ref)),
      ),
    ] as string[];
    if (entityRef.length === 0) {
      return;
    }
    try {
      await this.#options.notifications.send({
        recipients: { type: 'entity', entityRef },
        payload: { ...payload, topic: 'innominatus-environments' },
      });
    } catch (error) {
      this.#options.logger.debug(
        `Nobody could be notified about the environment "${name}": ${(error as Error).message}`,
      );
    }
  }
}
