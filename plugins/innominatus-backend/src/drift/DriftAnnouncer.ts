import { LoggerService } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { ApplicationRecord } from '../applications/types';
import { ResourceRecord } from '../resources/types';

export interface DriftAnnouncerOptions {
  notifications: Pick<NotificationService, 'send'>;
  publishEvent: (event: InnominatusEvent) => void;
  logger: LoggerService;
}

/** Says that there is drift where there was none, to programs and owners. */
export class DriftAnnouncer {
  readonly #options: DriftAnnouncerOptions;

  static create(options: DriftAnnouncerOptions): DriftAnnouncer {
    return new DriftAnnouncer(options);
  }

  private constructor(options: DriftAnnouncerOptions) {
    this.#options = options;
  }

  async ofResource(record: ResourceRecord): Promise<void> {
    const { id, name, type, environment, workload, owner, drift } = record;
    this.#options.publishEvent({
      type: 'drift.found',
      environment,
      name: workload,
      resourceId: id,
    });
    await this.#notify(owner, {
      title:
        drift?.status === 'missing'
          ? `The resource ${name} (${type}) of ${environment}/${workload} is gone`
          : `The resource ${name} (${type}) of ${environment}/${workload} is not as it is recorded`,
      description: drift?.changes.map(change => change.path).join(', '),
      link: `/innominatus/resources/${id}`,
      scope: `drift/${id}`,
    });
  }

  async ofManifests(application: ApplicationRecord): Promise<void> {
    const { id, environment, name, owner, entityRef } = application;
    this.#options.publishEvent({ type: 'drift.found', environment, name });
    await this.#notify(owner, {
      title: `What was delivered of ${environment}/${name} is not as it is recorded`,
      description: `Look at it: innominatus apps drift ${environment}/${name}`,
      link: entityRef === undefined ? undefined : toEntityPage(entityRef),
      scope: `drift/${id}`,
    });
  }

  async #notify(
    owner: string | undefined,
    payload: {
      title: string;
      description?: string;
      link?: string;
      scope: string;
    },
  ): Promise<void> {
    if (owner === undefined) {
      return;
    }
    try {
      await this.#options.notifications.send({
        recipients: { type: 'entity', entityRef: [owner] },
        payload: { ...payload, topic: 'innominatus-drift', severity: 'normal' },
      });
    } catch (error) {
      this.#options.logger.debug(
        `Nobody could be notified of drift: ${(error as Error).message}`,
      );
    }
  }
}

function toEntityPage(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return `/catalog/${namespace}/${kind}/${name}`;
}
