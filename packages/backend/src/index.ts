import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(
  import('@backstage/plugin-permission-backend-module-allow-all-policy'),
);

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));

backend.add(import('@backstage/plugin-scaffolder-backend'));

backend.add(import('@backstage/plugin-user-settings-backend'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-signals-backend'));

backend.add(import('@innominatus/backstage-plugin-innominatus-backend'));
backend.add(
  import('@innominatus/backstage-plugin-innominatus-backend-module-kubernetes'),
);
backend.add(
  import('@innominatus/backstage-plugin-innominatus-backend-module-git'),
);
backend.add(
  import('@innominatus/backstage-plugin-innominatus-backend-module-command'),
);
backend.add(
  import('@innominatus/backstage-plugin-catalog-backend-module-innominatus'),
);
backend.add(
  import('@innominatus/backstage-plugin-scaffolder-backend-module-innominatus'),
);

backend.start();
