import {
  Environment,
  JsonObject,
  JsonValue,
  Workload,
  managementOf,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  StepWait,
} from '@innominatus/backstage-plugin-innominatus-node';
import { DefinitionRegistry } from '../definitions';
import { sha256Of } from '../deployments/sha256';
import {
  DeploymentRecord,
  WorkRemoval,
  WorkResource,
} from '../deployments/types';
import { isHandedOver } from '../engine/abort';
import { environmentInput } from '../environments/environmentInput';
import { environmentOf } from '../environments/environmentOf';
import { RunService } from '../runs/types';
import { SecretStore } from '../secrets/types';
import { ResourceWorker } from './ResourceWorker';
import { waitUntilFree } from './busy';
import { moveOnce } from './moveOnce';
import { identityOf, makerOf, providerOf } from './providerOf';
import { resolveParams } from './resolveParams';
import { secretPrefix } from './keepResourceSecret';
import { fillHints, storeOutputs } from './storeOutputs';
import { ResourceRecord, ResourceStore } from './types';

/** What happened to a resource, by who makes it. */
const DONE = {
  native: { create: 'Created', update: 'Updated', delete: 'Deleted' },
  delegated: {
    create: 'Created outside',
    update: 'Updated outside',
    delete: 'Deleted',
  },
  external: {
    create: 'Referred to; it was there already',
    update: 'Referred to in another way',
    delete: 'Forgotten; it stays where it is',
  },
} as const;

export interface ResourceProvisionerOptions {
  store: ResourceStore;
  registry: DefinitionRegistry;
  runs: RunService;
  secrets: SecretStore;
}

export interface ProvisionOptions {
  resource: WorkResource;
  deployment: DeploymentRecord;
  workload: Workload;
  context: StepContext<unknown>;
}

/**
 * Takes resources through their life.
 *
 * What is to be done is decided by the state of the resource when its turn
 * comes, not by the plan alone: another deployment may have made it meanwhile,
 * and after an interruption half of the work may be done.
 */
export class ResourceProvisioner {
  readonly #options: ResourceProvisionerOptions;
  readonly #worker: ResourceWorker;

  static create(options: ResourceProvisionerOptions): ResourceProvisioner {
    return new ResourceProvisioner(options);
  }

  private constructor(options: ResourceProvisionerOptions) {
    this.#options = options;
    this.#worker = ResourceWorker.create(options);
  }

  /** Creates or updates a resource and answers its outputs. */
  async provision(
    options: ProvisionOptions,
  ): Promise<Record<string, JsonValue>> {
    const { resource, deployment, workload, context } = options;
    const { store } = this.#options;
    const environment = await this.#environment(deployment);
    const match = providerOf(resource, {
      environment,
      providers: this.#options.registry.providers(),
    });
    const params = await resolveParams({
      ...options,
      match,
      store,
    });
    const paramsHash = sha256Of(params);
    const dependsOn = uidsOf(resource.dependsOn, deployment);
    const provider = {
      name: match.provider.name,
      version: match.provider.version,
    };
    const requested = await store.request({
      environment: deployment.environment,
      environmentType: deployment.environmentType,
      uid: resource.uid,
      name: resource.name,
      type: resource.type,
      class: resource.class,
      sharedId: resource.id,
      workload: deployment.name,
      owner: deployment.owner,
      params: resource.params,
      declared: resource.declared,
      provider,
      management: managementOf(match.resourceType, name =>
        this.#options.registry.workflow(name),
      ),
      dependsOn,
    });
    const record = await this.#whenFree(requested, context);
    // A repair is for what only looks as if it had not changed.
    const isRepair =
      deployment.action === 'repair' && resource.action !== 'keep';
    if (
      record.state === 'active' &&
      record.paramsHash === paramsHash &&
      !isRepair
    ) {
      context.log.info(`"${resource.name}" is active and has not changed`);
      return record.outputs;
    }
    const isGone = isRepair && resource.action === 'create';
    const operation =
      record.paramsHash === undefined || isGone ? 'create' : 'update';
    await this.#begin(record, {
      reason: `Deployment ${deployment.number} of ${deployment.name}`,
      context,
      patch: { provider, params: resource.params, dependsOn },
    });
    return this.#finishOrFail(record, context, async () => {
      const identity = identityOf(resource, record);
      const values = await this.#worker.carryOut({
        operation,
        resourceType: match.resourceType,
        identity,
        params,
        metadata: workload.metadata,
        environment,
        context,
      });
      const outputs = await storeOutputs({
        resourceId: record.id,
        resourceType: match.resourceType,
        values,
        secrets: this.#options.secrets,
        context,
      });
      const hints = fillHints(match.resourceType, {
        params,
        outputs,
        resource: identity,
        metadata: workload.metadata,
        environment: environmentInput(environment),
      });
      await moveOnce(store, {
        ownRunId: this.#worker.runIdOf(context),
        id: record.id,
        to: 'active',
        reason: DONE[record.management][operation],
        by: context.run.initiator,
        patch: { outputs, hints, resolvedParams: params, paramsHash },
      });
      context.log.info(`"${resource.name}" is active`);
      return outputs;
    });
  }

  /** Deletes a resource, or only our use of it when others need it. */
  async remove(options: {
    removal: WorkRemoval;
    deployment: DeploymentRecord;
    workload: Workload;
    context: StepContext<unknown>;
  }): Promise<void> {
    const { removal, deployment, context } = options;
    const { store, secrets } = this.#options;
    const found = await store.get(removal.resourceId);
    if (!found || found.state === 'terminated') {
      context.log.info(`"${removal.uid}" is gone already`);
      return;
    }
    const workload = deployment.name;
    const others = (await store.usersOf(found.id)).filter(
      user => user !== workload,
    );
    if (others.length > 0) {
      await store.removeUser({ id: found.id, workload });
      context.log.info(
        `"${removal.uid}" stays: ${others.join(', ')} use it too`,
      );
      return;
    }
    const record = await this.#whenFree(found, context);
    const environment = await this.#environment(deployment);
    const isOurs = record.state === 'terminating';
    const wasProvisioned = record.state !== 'requested';
    if (record.state === 'requested') {
      await store.transition({
        id: record.id,
        to: 'failed',
        reason: 'It was never provisioned',
        by: context.run.initiator,
      });
    }
    if (!isOurs) {
      const runId = this.#worker.runIdOf(context);
      await moveOnce(store, {
        ...{ ownRunId: runId, runId },
        id: record.id,
        to: 'terminating',
        reason: `Deployment ${deployment.number} of ${workload}`,
        by: context.run.initiator,
      });
    }
    await this.#finishOrFail(record, context, async () => {
      if (wasProvisioned) {
        const match = makerOf(record, {
          environment,
          providers: this.#options.registry.providers(),
        });
        await this.#worker.carryOut({
          operation: 'delete',
          resourceType: match.resourceType,
          identity: identityOf({ ...record, id: record.sharedId }, record),
          params: record.resolvedParams ?? record.params,
          metadata: options.workload.metadata,
          environment,
          context,
        });
      }
      await moveOnce(store, {
        ownRunId: this.#worker.runIdOf(context),
        id: record.id,
        to: 'terminated',
        reason: DONE[record.management].delete,
        by: context.run.initiator,
        patch: { outputs: {}, hints: [] },
      });
      await secrets.deleteByPrefix(secretPrefix(record.id));
      context.log.info(
        record.management === 'external'
          ? `"${removal.uid}" is forgotten; what it refers to stays as it is`
          : `"${removal.uid}" is deleted`,
      );
    });
  }

  async #whenFree(
    record: ResourceRecord,
    context: StepContext<unknown>,
  ): Promise<ResourceRecord> {
    return waitUntilFree({
      record,
      ownRunId: this.#worker.runIdOf(context),
      store: this.#options.store,
      runs: this.#options.runs,
      by: context.run.initiator,
      signal: context.signal,
      onWait: message => context.log.info(message),
    });
  }

  async #begin(
    record: ResourceRecord,
    options: {
      reason: string;
      context: StepContext<unknown>;
      patch: {
        provider: { name: string; version: string };
        params: JsonObject;
        dependsOn: string[];
      };
    },
  ): Promise<void> {
    const { store } = this.#options;
    const { reason, context, patch } = options;
    const by = context.run.initiator;
    const runId = this.#worker.runIdOf(context);
    const { id, state } = record;
    if (state === 'provisioning' || state === 'updating') {
      // Ours from before an interruption.
      return;
    }
    if (state === 'degraded') {
      await store.transition({ id, to: 'active', reason, by });
    }
    await moveOnce(store, {
      ...{ ownRunId: runId, runId },
      id,
      to:
        state === 'active' || state === 'degraded'
          ? 'updating'
          : 'provisioning',
      reason,
      by,
      patch,
    });
  }

  /** Marks the resource as failed when the work fails, but not when another worker carries on. */
  async #finishOrFail<T>(
    record: ResourceRecord,
    context: StepContext<unknown>,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isOver = !(error instanceof StepWait);
      if (isOver && !(context.signal.aborted && isHandedOver(context.signal))) {
        const message =
          error instanceof StepFailure
            ? error.message
            : 'The work on the resource failed; the log of the run says why';
        await this.#options.store.transition({
          id: record.id,
          to: 'failed',
          reason: message,
          by: context.run.initiator,
          patch: { error: message },
        });
      }
      throw error;
    }
  }

  async #environment(deployment: DeploymentRecord): Promise<Environment> {
    const environment = await environmentOf(this.#options.registry, deployment);
    if (!environment) {
      throw new StepFailure(
        `The environment "${deployment.environment}" is not there any more.`,
        {
          code: 'ENVIRONMENT_MISSING',
        },
      );
    }
    return environment;
  }
}

function uidsOf(names: string[], deployment: DeploymentRecord): string[] {
  return deployment.work.resources
    .filter(resource => names.includes(resource.name))
    .map(resource => resource.uid);
}
