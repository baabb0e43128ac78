import { toYaml } from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  createStepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { DefinitionRegistry } from '../definitions';
import { DeploymentOfRun } from '../deployments/DeploymentOfRun';
import { storedResources } from '../deployments/planManifests';
import { renderManifests } from '../deployments/renderManifests';
import { environmentOf } from '../environments/environmentOf';
import { ResourceStore } from './types';

const renderSchema = z.strictObject({
  artifact: z.string().default('manifests'),
});

/** Step type that renders the workload of a deployment into an artifact. */
export function createRenderManifestsStepType(options: {
  deployments: DeploymentOfRun;
  registry: DefinitionRegistry;
  store: ResourceStore;
}) {
  return createStepType({
    name: 'render-manifests',
    description:
      'Renders the workload and what its providers add as Kubernetes manifests',
    schema: renderSchema,
    effects: 'none',
    onInterrupt: 'rerun',
    async run(context: StepContext<z.output<typeof renderSchema>>) {
      const { deployment, workload } = await options.deployments.find(context);
      const environment = await environmentOf(options.registry, deployment);
      if (!environment) {
        throw new StepFailure(
          `The environment "${deployment.environment}" is not there any more.`,
          { code: 'ENVIRONMENT_MISSING' },
        );
      }
      const { manifests, diagnostics } = renderManifests({
        workload,
        environment,
        resources: await storedResources(workload, { ...options, environment }),
      });
      const errors = diagnostics.filter(item => item.severity === 'error');
      if (errors.length > 0) {
        throw new StepFailure(errors.map(item => item.message).join(' '), {
          code: 'MANIFEST_INVALID',
        });
      }
      for (const { message } of diagnostics) {
        context.log.warn(message);
      }
      await context.artifacts.write(context.config.artifact, toYaml(manifests));
      const objects = manifests.map(
        ({ kind, metadata }) => `${kind} ${metadata.name}`,
      );
      context.log.info(`Rendered ${objects.join(', ')}`);
      return { outputs: { count: manifests.length, objects } };
    },
  });
}
