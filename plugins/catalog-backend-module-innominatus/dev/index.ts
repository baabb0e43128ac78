// Runs the catalog with this module, signed in as a mock user, next to the
// backend plugin whose golden paths and resources it brings in:
//
//   yarn start
//   curl -s 'localhost:7007/api/catalog/entities?filter=kind=template'

import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';

const backend = createBackend();

backend.add(mockServices.auth.factory());
backend.add(mockServices.httpAuth.factory());
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('../src'));

backend.start();
