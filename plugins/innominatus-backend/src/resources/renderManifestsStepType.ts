import {
  Environment,
  RenderedWorkload,
  Workload,
  identityOf,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
  createStepType,
  keptArtifact,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { DefinitionRegistry } from '../definitions';
import { DeploymentOfRun } from '../deployments/DeploymentOfRun';
import { isEndingAction } from '../deployments/deploymentActions';
import { renderManifests } from '../deployments/renderManifests';
import {
  StoredResource,
  sharedBesides,
  storedResources,
} from '../deployments/storedResources';
import { noteLeaving } from '../deployments/sharedResources';
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
      const isEnding = isEndingAction(deployment.action);
      await noteLeaving(workload, {
        store: options.store,
        environment,
        isEnding,
      });
      const { manifests, diagnostics, kept } = renderOurs({
        workload,
        environment,
        isEnding,
        declared: await storedResources(workload, { ...options, environment }),
        besides: await sharedBesides(workload, { ...options, environment }),
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
      const { artifact } = context.config;
      await context.artifacts.write(artifact, toYaml(manifests));
      await context.artifacts.write(keptArtifact(artifact), toYaml(kept));
      const objects = manifests.map(
        ({ kind, metadata }) => `${kind} ${metadata.name}`,
      );
      context.log.info(`Rendered ${objects.join(', ')}`);
      return { outputs: { count: manifests.length, objects } };
    },
  });
}

/**
 * Objects of resources that others use too are ours when we deliver them, and
 * while we stay. All others of them are `kept`: they are left as they are.
 */
function renderOurs(options: {
  workload: Workload;
  environment: Environment;
  isEnding: boolean;
  declared: StoredResource[];
  besides: StoredResource[];
}): RenderedWorkload & { kept: RenderedWorkload['manifests'] } {
  const { workload, environment, isEnding, declared, besides } = options;
  const ours = renderManifests({
    workload,
    environment,
    resources: declared.map(({ sharing, ...resource }) => ({
      ...resource,
      deliveredElsewhere:
        sharing !== undefined &&
        (isEnding || sharing.deliverer !== workload.name),
    })),
  });
  const isShared = [...declared, ...besides].some(({ sharing }) => sharing);
  if (!isShared) {
    return { ...ours, kept: [] };
  }
  const all = renderManifests({
    workload,
    environment,
    // A resource of the workload counts before one of the same name.
    resources: [...besides, ...declared],
  });
  const delivered = new Set(ours.manifests.map(identityOf));
  return {
    manifests: ours.manifests,
    diagnostics: all.diagnostics,
    kept: all.manifests.filter(item => !delivered.has(identityOf(item))),
  };
}
