import {
  coreServices,
  createBackendModule,
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { createInnominatusClient } from '@innominatus/backstage-plugin-innominatus-node';
import { loadGoldenPathTemplates } from './goldenPathTemplates';
import { PolledEntityProvider } from './PolledEntityProvider';
import { loadResourceEntities } from './resourceEntities';
import { ScoreEntityProcessor } from './ScoreEntityProcessor';

const DEFAULT_SCHEDULE = {
  frequency: { minutes: 1 },
  timeout: { seconds: 50 },
  initialDelay: { seconds: 3 },
};

/**
 * Reads `spec.score` of components, and brings golden paths as templates and
 * provisioned resources as entities into the catalog.
 *
 * @public
 */
export const catalogModuleInnominatus = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'innominatus',
  register(reg) {
    reg.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({
        auth,
        catalog,
        config,
        discovery,
        events,
        logger,
        scheduler,
      }) {
        const providerConfig = config.getOptionalConfig(
          'catalog.providers.innominatus',
        );
        const schedule = providerConfig?.has('schedule')
          ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
              providerConfig.getConfig('schedule'),
            )
          : DEFAULT_SCHEDULE;
        const client = createInnominatusClient({ auth, discovery });

        catalog.addProcessor(new ScoreEntityProcessor());
        catalog.addEntityProvider(
          PolledEntityProvider.create({
            name: 'innominatus-golden-paths',
            load: signal => loadGoldenPathTemplates(client, signal),
            events,
            logger,
            runner: scheduler.createScheduledTaskRunner(schedule),
          }),
          PolledEntityProvider.create({
            name: 'innominatus-resources',
            load: signal => loadResourceEntities(client, signal),
            events,
            logger,
            runner: scheduler.createScheduledTaskRunner(schedule),
          }),
        );
      },
    });
  },
});
