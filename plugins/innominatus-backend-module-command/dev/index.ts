// Runs the backend plugin with this module, signed in as a mock user. Its step
// type shows up in workflows below `innominatus.locations`:
//
//   yarn start
//   curl -s localhost:7007/api/innominatus/v1/golden-paths

import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';

const backend = createBackend();

backend.add(mockServices.auth.factory());
backend.add(mockServices.httpAuth.factory());
backend.add(catalogServiceMock.factory({ entities: [] }));
backend.add(import('@innominatus/backstage-plugin-innominatus-backend'));
backend.add(import('../src'));

backend.start();
