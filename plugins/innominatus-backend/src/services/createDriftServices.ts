import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { AccessControl } from '../access/types';
import { ApplicationStore } from '../applications';
import { DefinitionRegistry } from '../definitions';
import { DeploymentStore } from '../deployments';
import {
  DatabaseDriftStore,
  DatabaseManifestDriftStore,
  DriftAcceptance,
  DriftAnnouncer,
  DriftService,
  DriftViews,
  ManifestLooks,
  ResourceLooks,
  readDriftConfig,
} from '../drift';
import { DatabaseJournal } from '../engine';
import { ResourceReader, ResourceStore } from '../resources';
import { createRunEngine } from '../runs';
import { RunStates } from '../runs/RunStates';
import { StepTypeRegistry } from '../stepTypes';

export interface DriftServicesOptions {
  knex: Knex;
  config: Config;
  access: AccessControl;
  registry: DefinitionRegistry;
  stepTypes: StepTypeRegistry;
  engine: Pick<ReturnType<typeof createRunEngine>, 'runs' | 'secrets'>;
  applications: ApplicationStore;
  deployments: DeploymentStore;
  resources: ResourceStore;
  reader: ResourceReader;
  notifications: Pick<NotificationService, 'send'>;
  publishEvent: (event: InnominatusEvent) => void;
  logger: LoggerService;
}

/** How it is found out whether what is there is still what is recorded. */
export function createDriftServices(options: DriftServicesOptions) {
  const { knex, resources } = options;
  const { runs, secrets } = options.engine;
  const manifestStore = DatabaseManifestDriftStore.create(knex);
  const states = RunStates.create(DatabaseJournal.create(knex));
  const drift = DriftService.create({
    ...options,
    store: DatabaseDriftStore.create(knex),
    manifestStore,
    looks: ResourceLooks.create({ ...options, secrets }),
    manifestLooks: ManifestLooks.create({
      ...options,
      secrets,
      // Whatever its length, all of it is read the first time.
      runState: runId => states.get(runId, 1),
      readArtifact: async (runId, name) => {
        const row: { content: string } | undefined = await knex('run_artifacts')
          .where({ run_id: runId, name })
          .first('content');
        return row?.content;
      },
    }),
    acceptance: DriftAcceptance.create({ knex, store: resources, secrets }),
    announcer: DriftAnnouncer.create(options),
    settings: readDriftConfig(options.config),
  });
  runs.onRunEnded(run => drift.afterRun(run));
  return {
    drift,
    driftViews: DriftViews.create({ ...options, manifestStore }),
  };
}
