import {
  AuditorService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { Knex } from 'knex';
import {
  CallbackReports,
  DatabaseCallbackStore,
  createCallbackStepType,
  createDelegatedStepType,
  createExpectationsOf,
} from '../callbacks';
import { DefinitionRegistry } from '../definitions';
import { ResourceStore } from '../resources/types';
import { createRunEngine } from '../runs';
import { StepTypeRegistry } from '../stepTypes';
import { readHttpAllowList } from '../stepTypes/hostAllowList';

export interface CallbackServicesOptions {
  knex: Knex;
  config: Config;
  discovery: Pick<DiscoveryService, 'getExternalBaseUrl'>;
  registry: DefinitionRegistry;
  engine: Pick<ReturnType<typeof createRunEngine>, 'runs' | 'secrets'>;
  /** The step types that wait for systems outside are added to it. */
  stepTypes: StepTypeRegistry;
  resources: ResourceStore;
  auditor: AuditorService;
}

/** How systems outside are waited for, and how they report back. */
export function createCallbackServices(options: CallbackServicesOptions) {
  const { auditor, config, discovery, registry, resources } = options;
  const { runs, secrets } = options.engine;
  const callbacks = DatabaseCallbackStore.create(options.knex);
  const expectationsOf = createExpectationsOf({ registry, resources });
  options.stepTypes.add(
    createCallbackStepType({
      callbacks,
      resources,
      secrets,
      externalUrl: () => discovery.getExternalBaseUrl('innominatus'),
    }),
    createDelegatedStepType({
      callbacks,
      secrets,
      allowList: readHttpAllowList(config),
      expectationsOf,
    }),
  );
  return {
    callbackReports: CallbackReports.create({
      callbacks,
      secrets,
      runs,
      auditor,
      expectationsOf,
    }),
  };
}
