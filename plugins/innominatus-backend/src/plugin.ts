import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  DefinitionLocationType,
  INNOMINATUS_EVENTS_TOPIC,
  HealthChecker,
  ProviderImplementation,
  StepRunner,
  StepType,
  WorkflowRuntimeFactory,
  innominatusHealthCheckersExtensionPoint,
  innominatusLocationsExtensionPoint,
  innominatusProvidersExtensionPoint,
  innominatusRuntimeExtensionPoint,
  innominatusStepRunnersExtensionPoint,
  innominatusStepTypesExtensionPoint,
} from '@innominatus/backstage-plugin-innominatus-node';
import { registerPermissions } from './access';
import { createRouter } from './createRouter';
import { createServices } from './services';
import { getMigratedClient } from './database';
import { createPublisher } from './publisher';

/**
 * The backend plugin of innominatus.
 *
 * @public
 */
export const innominatusPlugin = createBackendPlugin({
  pluginId: 'innominatus',
  register(env) {
    const stepTypes: StepType[] = [];
    env.registerExtensionPoint(innominatusStepTypesExtensionPoint, {
      addStepType: (...added) => {
        stepTypes.push(...added);
      },
    });

    const locationTypes: DefinitionLocationType[] = [];
    env.registerExtensionPoint(innominatusLocationsExtensionPoint, {
      addLocationType: (...added) => {
        locationTypes.push(...added);
      },
    });

    const providers: ProviderImplementation[] = [];
    env.registerExtensionPoint(innominatusProvidersExtensionPoint, {
      addProvider: (...added) => {
        providers.push(...added);
      },
    });

    const healthCheckers: HealthChecker[] = [];
    env.registerExtensionPoint(innominatusHealthCheckersExtensionPoint, {
      addHealthChecker: (...added) => {
        healthCheckers.push(...added);
      },
    });

    const runtimes: WorkflowRuntimeFactory[] = [];
    env.registerExtensionPoint(innominatusRuntimeExtensionPoint, {
      addRuntime: factory => {
        runtimes.push(factory);
      },
    });

    const stepRunners: StepRunner[] = [];
    env.registerExtensionPoint(innominatusStepRunnersExtensionPoint, {
      addStepRunner: (...added) => {
        stepRunners.push(...added);
      },
    });

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        urlReader: coreServices.urlReader,
        userInfo: coreServices.userInfo,
      },
      async init({ database, events, httpAuth, httpRouter, ...deps }) {
        const { lifecycle, logger, permissionsRegistry, signals } = deps;
        registerPermissions(permissionsRegistry);
        const publish = createPublisher({ logger });
        const services = createServices({
          ...deps,
          knex: await getMigratedClient(database),
          healthCheckers,
          stepTypes,
          locationTypes,
          providers,
          runtimes,
          stepRunners,
          publishEvent: eventPayload =>
            publish(() =>
              events.publish({ topic: INNOMINATUS_EVENTS_TOPIC, eventPayload }),
            ),
          signalRun: ({ runId, version }) =>
            publish(() =>
              signals.publish({
                recipients: { type: 'broadcast' },
                channel: 'innominatus',
                message: { runId, version },
              }),
            ),
        });
        // Its requests are signed by Git servers, which no user sent.
        httpRouter.addAuthPolicy({
          path: '/v1/locations/webhook',
          allow: 'unauthenticated',
        });
        // These are signed by who makes a resource outside.
        httpRouter.addAuthPolicy({
          path: '/v1/resources/:id/callback',
          allow: 'unauthenticated',
        });
        httpRouter.use(createRouter({ ...services, httpAuth, logger }));
        lifecycle.addStartupHook(() => services.start());
        lifecycle.addShutdownHook(() => services.stop());
      },
    });
  },
});
