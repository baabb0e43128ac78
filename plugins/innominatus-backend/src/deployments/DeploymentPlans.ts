import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { newId } from '../database';
import { DefinitionRegistry } from '../definitions';
import { ProblemError } from '../http';
import { PastRunDurations, NO_PAST_DURATIONS } from './PastRunDurations';
import { Estimate, estimateSeconds, workflowOf } from './estimateSeconds';
import { describeMoves } from './planParts';
import { KeptRequest, toPlan } from './toPlan';
import { PlanRecord, PlanStore, PlannedDeployment } from './types';

export interface DeploymentPlansOptions {
  store: PlanStore;
  registry: Pick<DefinitionRegistry, 'workflow'>;
  /** Without it durations come from definitions alone. */
  history?: PastRunDurations;
}

/** Plans that are kept: made from what was planned, and compared with it. */
export class DeploymentPlans {
  readonly #options: DeploymentPlansOptions;

  static create(options: DeploymentPlansOptions): DeploymentPlans {
    return new DeploymentPlans(options);
  }

  private constructor(options: DeploymentPlansOptions) {
    this.#options = options;
  }

  async get(id: string): Promise<PlanRecord | undefined> {
    return this.#options.store.get(id);
  }

  /** Stores the plan and answers it. */
  async record(
    planned: PlannedDeployment,
    options: {
      createdBy: string;
      request: KeptRequest;
      /** Who decides about it, seen from permission rules. */
      owner?: string;
    },
  ): Promise<Plan> {
    const now = Date.now();
    const plan = toPlan(planned, {
      id: newId(now),
      now,
      createdBy: options.createdBy,
      request: options.request,
      estimate: await this.#estimate(planned),
    });
    await this.#options.store.insert({
      plan,
      parts: planned.parts,
      environmentType: planned.environment.type,
      owner: options.owner,
    });
    return plan;
  }

  /** Id of a stored plan that says the same, or of a new one. */
  async idFor(
    planned: PlannedDeployment,
    options: Parameters<DeploymentPlans['record']>[1],
  ): Promise<string> {
    const known = await this.#options.store.findByHash({
      environment: planned.environment.name,
      name: planned.name,
      hash: planned.hash,
    });
    return known?.plan.id ?? (await this.record(planned, options)).id;
  }

  /** Throws `PLAN_CHANGED` unless the hash is that of what was planned. */
  async requireSame(
    planned: PlannedDeployment,
    hash: string | undefined,
  ): Promise<void> {
    if (hash === undefined || hash === planned.hash) {
      return;
    }
    const { environment, name } = planned;
    const before = await this.#options.store.findByHash({
      environment: environment.name,
      name,
      hash,
    });
    throw planChanged(planned, before && describeMoves(before, planned));
  }

  async #estimate(planned: PlannedDeployment): Promise<Estimate> {
    const { registry, history } = this.#options;
    const { definition, goldenPath } = planned.run;
    const workflows = new Set(
      definition.steps.flatMap(step => workflowOf(step, planned.matches) ?? []),
    );
    return estimateSeconds(definition, {
      workflow: name => registry.workflow(name)?.definition,
      providers: planned.matches,
      past:
        (await history?.find({
          goldenPath: goldenPath.name,
          workflows: [...workflows],
        })) ?? NO_PAST_DURATIONS,
    });
  }
}

/** @param moved - What is not as the plan said, if that is known. */
export function planChanged(
  planned: Pick<PlannedDeployment, 'environment' | 'name'>,
  moved?: string[],
): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'PLAN_CHANGED',
    message: `The plan for "${planned.environment.name}/${planned.name}" is not the same any more${
      moved ? `: ${moved.join('; ')}.` : ', or too old to be kept.'
    } Look at a new plan.`,
    moved,
  });
}
