import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { InnominatusEvent } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { ApplicationStore } from '../applications';
import { DefinitionRegistry } from '../definitions';
import { DeploymentService, DeploymentStore } from '../deployments';
import {
  AllowedTarget,
  DatabaseEnvironmentStore,
  EnvironmentLifecycle,
  EnvironmentService,
  TtlLimitsByType,
} from '../environments';

export interface EnvironmentServicesOptions {
  knex: Knex;
  registry: DefinitionRegistry;
  ttlLimits: TtlLimitsByType;
  allowedTargets?: AllowedTarget[];
  applications: ApplicationStore;
  deployments: DeploymentStore;
  deploymentService: DeploymentService;
  auth: AuthService;
  notifications: Pick<NotificationService, 'send'>;
  publishEvent: (event: InnominatusEvent) => void;
  logger: LoggerService;
  /** For tests. */
  now?: () => number;
}

/** How environments are made and changed by the API, and how they end. */
export function createEnvironmentServices(options: EnvironmentServicesOptions) {
  const { knex, registry, ...rest } = options;
  const environmentStore = DatabaseEnvironmentStore.create(knex);
  const environments = EnvironmentService.create({
    ...rest,
    knex,
    store: environmentStore,
    registry,
  });
  registry.useStoredEnvironments(environments);
  const environmentLifecycle = EnvironmentLifecycle.create({
    ...rest,
    store: environmentStore,
    registry,
    service: options.deploymentService,
  });
  return { environments, environmentLifecycle, environmentStore };
}
