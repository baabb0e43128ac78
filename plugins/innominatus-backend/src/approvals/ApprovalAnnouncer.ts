import { LoggerService } from '@backstage/backend-plugin-api';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { loop } from '../engine';
import { ApprovalRecord, ApprovalStore } from './types';

const POLL_MS = 2_000;
const PER_ROUND = 50;

export interface ApprovalAnnouncerOptions {
  store: ApprovalStore;
  notifications: Pick<NotificationService, 'send'>;
  publishEvent: (event: InnominatusEvent) => void;
  logger: LoggerService;
}

/**
 * Tells other plugins that something is asked or was decided, and the approvers
 * that they are asked.
 *
 * It reads what runs wrote instead of being called by them: so the path of a
 * run is as short as without it, and one of many replicas does it. These are
 * hints. A process that dies in the middle loses some, and nothing depends on
 * them.
 */
export class ApprovalAnnouncer {
  readonly #options: ApprovalAnnouncerOptions;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  static create(options: ApprovalAnnouncerOptions): ApprovalAnnouncer {
    return new ApprovalAnnouncer(options);
  }

  private constructor(options: ApprovalAnnouncerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = loop({
      task: 'tell about approvals',
      logger: this.#options.logger,
      signal: this.#stop.signal,
      intervalMs: POLL_MS,
      run: () => this.announce(),
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  /** Answers whether there may be more. */
  async announce(): Promise<boolean> {
    const records = await this.#options.store.takeUnannounced(PER_ROUND);
    for (const record of records) {
      this.#options.publishEvent(toEvent(record.approval));
      if (record.approval.state === 'pending') {
        await this.#notify(record);
      }
    }
    return records.length === PER_ROUND;
  }

  /** Without named approvers those who own the application are told. */
  async #notify({ approval, subject }: ApprovalRecord): Promise<void> {
    const entityRef =
      approval.approvers ?? (subject.owner ? [subject.owner] : []);
    if (entityRef.length === 0) {
      return;
    }
    try {
      await this.#options.notifications.send({
        recipients: {
          type: 'entity',
          entityRef,
          ...(approval.allowRequester
            ? {}
            : { excludeEntityRef: approval.requester }),
        },
        payload: {
          title: titleOf(approval),
          description: approval.message,
          link: linkTo(approval),
          topic: 'innominatus-approvals',
          scope: approval.id,
          severity: 'normal',
        },
      });
    } catch (error) {
      this.#options.logger.debug(
        `Nobody could be notified of approval "${approval.id}": ${(error as Error).message}`,
      );
    }
  }
}

function titleOf(approval: Approval): string {
  const { run, step, deployment, application } = approval;
  return run && step
    ? `Run ${run.number} waits for your approval of "${step.title ?? step.name}"`
    : `Deployment ${deployment?.number} of ${application?.environment}/${application?.name} waits for your approval`;
}

/** Where a person can decide. */
function linkTo({ id, run, step, plan }: Approval): string {
  return run && step
    ? `/innominatus/runs/${run.id}?step=${encodeURIComponent(step.name)}`
    : `/innominatus/plans/${plan?.id}?approval=${encodeURIComponent(id)}`;
}

function toEvent(approval: Approval): InnominatusEvent {
  const about = {
    approvalId: approval.id,
    runId: approval.run?.id,
    environment: approval.application?.environment,
    name: approval.application?.name,
  };
  return approval.state === 'pending'
    ? { type: 'approval.requested', ...about }
    : { type: 'approval.decided', state: approval.state, ...about };
}
