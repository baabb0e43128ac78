import { AuditorService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { ApplicationStore } from '../applications/types';
import { DefinitionRegistry } from '../definitions';
import { DeploymentOfRun, DeploymentStore } from '../deployments';
import {
  DatabaseResourceStore,
  ResourceProvisioner,
  ResourceReader,
  ResourceReveals,
  ResourceWaits,
  createRenderManifestsStepType,
  createResourceProvisioningStepType,
  createWriteManifestsStepType,
  manifestsStepType,
} from '../resources';
import { createRunEngine } from '../runs';
import { StepTypeRegistry } from '../stepTypes';

export interface ResourceServicesOptions {
  knex: Knex;
  registry: DefinitionRegistry;
  engine: Pick<
    ReturnType<typeof createRunEngine>,
    'runs' | 'secrets' | 'store'
  >;
  /** The step types that make resources and manifests are added to it. */
  stepTypes: StepTypeRegistry;
  applications: ApplicationStore;
  deployments: DeploymentStore;
  /** Folders that manifests may be written below. */
  manifestRoots: string[];
  auditor: AuditorService;
}

/** How resources are recorded, made, read and shown. */
export function createResourceServices(options: ResourceServicesOptions) {
  const { knex, registry, applications, auditor } = options;
  const { runs, secrets, store: runStore } = options.engine;
  const store = DatabaseResourceStore.create(knex);
  const deployments = DeploymentOfRun.create({
    deployments: options.deployments,
    applications,
  });
  options.stepTypes.add(
    createResourceProvisioningStepType({
      deployments,
      provisioner: ResourceProvisioner.create({
        store,
        registry,
        runs,
        secrets,
      }),
      store,
    }),
    createRenderManifestsStepType({ deployments, registry, store }),
    createWriteManifestsStepType({ roots: options.manifestRoots }),
    manifestsStepType,
  );
  return {
    resources: store,
    resourceWaits: ResourceWaits.create({
      summaries: ids => runStore.summaries(ids),
    }),
    resourceReader: ResourceReader.create({ runs, registry }),
    reveals: ResourceReveals.create({ knex, secrets, auditor }),
  };
}
