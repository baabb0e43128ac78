import { HEALTH_CHECK_CONFIGS } from '@innominatus/backstage-plugin-innominatus-common';
import {
  HealthChecker,
  StepFailure,
  createHealthChecker,
} from '@innominatus/backstage-plugin-innominatus-node';
import { derivedId } from '../database';
import { DefinitionRegistry } from '../definitions';
import { environmentOf } from '../environments/environmentOf';
import { makerOf } from '../resources/providerOf';
import { ResourceReader } from '../resources/ResourceReader';
import { ResourceStore } from '../resources/types';

const LONGEST_MS = 10 * 60_000;
const LONGEST_MESSAGE = 300;

/** A workflow that succeeds when the resource is well; it may say why in `message`. */
export function createWorkflowChecker(options: {
  reader: ResourceReader;
  registry: DefinitionRegistry;
  resources: Pick<ResourceStore, 'get'>;
}): HealthChecker {
  const { reader, registry, resources } = options;
  return createHealthChecker({
    name: 'workflow',
    description: 'Runs a workflow; its success is the health of the resource',
    schema: HEALTH_CHECK_CONFIGS.workflow,
    async check({ config, resource, signal }) {
      const record = await resources.get(resource.id);
      const environment =
        record &&
        (await environmentOf(registry, { ...record, name: record.workload }));
      if (!record || !environment) {
        throw new StepFailure('The resource or its environment is gone.', {
          code: 'RESOURCE_MISSING',
        });
      }
      const { resourceType } = makerOf(record, {
        environment,
        providers: registry.providers(),
      });
      const workflow = config.workflow ?? resourceType.operations.read.workflow;
      if (workflow === undefined) {
        throw new StepFailure('The health check names no workflow.', {
          code: 'CONFIG_INVALID',
        });
      }
      const run = await reader.read({
        record,
        workflow,
        environment,
        runId: derivedId(`health/${record.id}/${Date.now()}`),
        title: `Health of ${record.name} (${record.type})`,
        purpose: 'health',
        timeoutMs: LONGEST_MS,
        signal,
      });
      signal.throwIfAborted();
      const said = run.outputs.message;
      if (run.status === 'succeeded') {
        return {
          status: 'healthy',
          message:
            typeof said === 'string' && said !== ''
              ? said.slice(0, LONGEST_MESSAGE)
              : `The workflow "${workflow}" succeeds.`,
        };
      }
      return {
        status: 'unhealthy',
        message: (
          run.failure?.error.message ??
          `The workflow "${workflow}" does not succeed.`
        ).slice(0, LONGEST_MESSAGE),
      };
    },
  });
}
