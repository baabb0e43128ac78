import {
  JsonValue,
  RESOURCE_PROVISIONING_STEP_TYPE,
  Workload,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  createStepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { DeploymentOfRun } from '../deployments/DeploymentOfRun';
import { DeploymentRecord } from '../deployments/types';
import { ResourceProvisioner } from './ResourceProvisioner';
import { ResourceStore } from './types';

const schema = z.strictObject({
  /** Name of the resource; all of them without it. */
  resource: z.string().optional(),
  operation: z.enum(['create', 'update', 'delete']).optional(),
});

export interface ResourceProvisioningOptions {
  deployments: DeploymentOfRun;
  provisioner: ResourceProvisioner;
  store: ResourceStore;
}

/** Step type that creates, updates or deletes one resource of a deployment. */
export function createResourceProvisioningStepType(
  options: ResourceProvisioningOptions,
) {
  return createStepType({
    name: RESOURCE_PROVISIONING_STEP_TYPE,
    description:
      'Creates, updates or deletes the resources that a Score spec asks for, each through the workflow of its provider',
    schema,
    effects: 'external',
    onInterrupt: 'resume',
    async run(context: StepContext<z.output<typeof schema>>) {
      const { resource, operation } = context.config;
      const { deployment, workload } = await options.deployments.find(context);
      if (operation === 'delete') {
        await remove(
          { name: resource, deployment, workload, context },
          options,
        );
        return undefined;
      }
      const resources = await keptOutputs(resource, deployment, options);
      if (resource === undefined) {
        context.log.info('Nothing to provision: everything is as it should be');
        return { resources };
      }
      const work = deployment.work.resources.find(
        item => item.name === resource,
      );
      if (!work) {
        throw new StepFailure(
          `The workload has no resource "${resource}". Its resources are: ${deployment.work.resources.map(item => `"${item.name}"`).join(', ') || 'none'}.`,
          { code: 'RESOURCE_UNKNOWN' },
        );
      }
      const outputs = await options.provisioner.provision({
        resource: work,
        deployment,
        workload,
        context,
      });
      return { resources: { ...resources, [resource]: outputs } };
    },
  });
}

async function remove(
  options: {
    name: string | undefined;
    deployment: DeploymentRecord;
    workload: Workload;
    context: StepContext<unknown>;
  },
  { provisioner }: ResourceProvisioningOptions,
): Promise<void> {
  const { name, deployment, workload, context } = options;
  if (name === undefined) {
    context.log.info('Nothing to remove');
    return;
  }
  const removal = deployment.work.removals.find(item => item.name === name);
  if (!removal) {
    context.log.info(`"${name}" is still asked for and stays`);
    return;
  }
  await provisioner.remove({ removal, deployment, workload, context });
}

/**
 * Outputs of what the deployment does not touch, for `${resources.R.K}` of
 * later steps. One step brings them, so that they are recorded once.
 */
async function keptOutputs(
  name: string | undefined,
  deployment: DeploymentRecord,
  { store }: ResourceProvisioningOptions,
): Promise<Record<string, Record<string, JsonValue>>> {
  const { resources } = deployment.work;
  const first = resources.find(item => item.action !== 'keep');
  if (name !== undefined && first?.name !== name) {
    return {};
  }
  const outputs: Record<string, Record<string, JsonValue>> = {};
  for (const { name: kept, uid } of resources.filter(
    item => item.action === 'keep',
  )) {
    const record = await store.findLiving({
      environment: deployment.environment,
      uid,
    });
    if (record) {
      outputs[kept] = record.outputs;
    }
  }
  return outputs;
}
