// Runs the plugin alone, signed in as a mock user, with the examples of this
// repository:
//
//   yarn start
//   curl -s localhost:7007/api/innominatus/v1/golden-paths
//   curl -s localhost:7007/api/innominatus/v1/score/validate \
//     -H 'content-type: application/json' -d '{"score":"apiVersion: nope"}'

import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';

const backend = createBackend();

backend.add(mockServices.auth.factory());
backend.add(mockServices.httpAuth.factory());
backend.add(
  catalogServiceMock.factory({
    entities: [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'hello' },
        spec: {
          type: 'service',
          lifecycle: 'experimental',
          owner: 'group:default/shop-team',
          score: {
            apiVersion: 'score.dev/v1b1',
            metadata: { name: 'hello' },
            containers: { web: { image: 'nginx:1.27' } },
          },
        },
      },
    ],
  }),
);
backend.add(import('../src'));

backend.start();
