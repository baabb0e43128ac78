import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import {
  HealthChecker,
  InnominatusEvent,
} from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { DefinitionRegistry } from '../definitions';
import {
  DatabaseHealthStore,
  HealthService,
  HostGuard,
  createNetworkCheckers,
  createWorkflowChecker,
  readHealthConfig,
} from '../health';
import { ResourceReader, ResourceStore } from '../resources';

export interface HealthServicesOptions {
  knex: Knex;
  config: Config;
  registry: DefinitionRegistry;
  resources: ResourceStore;
  reader: ResourceReader;
  /** Health checkers of modules. */
  checkers: HealthChecker[];
  publishEvent: (event: InnominatusEvent) => void;
  logger: LoggerService;
}

/** How the health of resources is looked after. */
export function createHealthServices(options: HealthServicesOptions) {
  const { config, reader, registry, resources, logger } = options;
  const healthStore = DatabaseHealthStore.create(options.knex);
  const health = HealthService.create({
    store: healthStore,
    registry,
    logger,
    checkers: [
      ...createNetworkCheckers(HostGuard.fromConfig(config)),
      createWorkflowChecker({ reader, registry, resources }),
      ...options.checkers,
    ],
    ...readHealthConfig(config),
    onChange: ({ id, environment, workload }, state) =>
      options.publishEvent({
        type: 'resource.changed',
        resourceId: id,
        state,
        environment,
        name: workload,
      }),
  });
  return { health, healthStore };
}
