import { LoggerService } from '@backstage/backend-plugin-api';
import { DeploymentApprovals } from './DeploymentApprovals';
import { DeploymentStarts } from './DeploymentStarts';
import { PlanStore } from './types';

const INTERVAL_MS = 30_000;

/**
 * Looks after what a dead process left behind: runs that were not started, and
 * approvals that were given; and after what time has ended.
 */
export class DeploymentMaintenance {
  readonly #starts: DeploymentStarts;
  readonly #approvals: DeploymentApprovals;
  readonly #plans: PlanStore;
  readonly #logger: LoggerService;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  static create(options: {
    starts: DeploymentStarts;
    approvals: DeploymentApprovals;
    plans: PlanStore;
    logger: LoggerService;
  }): DeploymentMaintenance {
    return new DeploymentMaintenance(options);
  }

  private constructor(options: {
    starts: DeploymentStarts;
    approvals: DeploymentApprovals;
    plans: PlanStore;
    logger: LoggerService;
  }) {
    this.#starts = options.starts;
    this.#approvals = options.approvals;
    this.#plans = options.plans;
    this.#logger = options.logger;
  }

  start(): void {
    this.#round = this.runOnce();
    this.#timer = setInterval(() => {
      this.#round = this.#round.then(() => this.runOnce());
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  /** Never rejects. */
  async runOnce(): Promise<void> {
    try {
      await this.#approvals.settle();
      await this.#starts.startPending();
      await this.#plans.deleteExpired();
    } catch (error) {
      this.#logger.error(
        'Deployments could not be looked after, trying again',
        error instanceof Error ? error : undefined,
      );
    }
  }
}
