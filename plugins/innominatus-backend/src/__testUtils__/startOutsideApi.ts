import { mockServices } from '@backstage/backend-test-utils';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSecretStore } from '../secrets';
import { API, startTestApi } from './startTestApi';
import { createTestDatabases } from './testDatabases';
import { sendReport } from './TicketDesk';

const PLATFORM = `apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec: { type: development }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-app, version: 1.0.0 }
spec:
  steps:
    - { name: provision, type: resource-provisioning }
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: network, version: 1.0.0 }
spec:
  resourceTypes:
    - type: firewall-rule
      outputs:
        - { name: name, schema: { type: string } }
      operations:
        create: { workflow: ask-network-team }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: ask-network-team }
spec:
  steps:
    - { name: callback, type: callback }
    - name: wait
      type: delegated
      config: { link: 'https://desk.example/T-1', callback: '\${callback.id}' }
  outputs: { name: '\${wait.name}' }
`;

const SCORE = `apiVersion: score.dev/v1b1
metadata: { name: orders }
containers:
  main: { image: nginx }
resources:
  rule: { type: firewall-rule }
`;

/** A backend in which people outside make the resources. */
export async function startOutsideApi(options: {
  databases: ReturnType<typeof createTestDatabases>;
}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'innominatus-outside-'));
  writeFileSync(path.join(folder, 'all.yaml'), PLATFORM);
  const knex = await options.databases.initEmpty('SQLITE_3');
  const api = await startTestApi({ knex, locations: [folder] });
  const secrets = DatabaseSecretStore.fromConfig({
    knex,
    logger: mockServices.logger.mock(),
    config: mockServices.rootConfig({
      data: {
        innominatus: {
          encryption: {
            keys: [{ id: 'test', secret: 'a key that is only for tests 123' }],
          },
        },
      },
    }),
  });
  return {
    api,
    /** Resolves when somebody outside is waited for. */
    deploy: async () => {
      const admin = api.user('admin');
      await admin
        .post('/applications/development/orders/deployments', {
          action: 'deploy',
          score: SCORE,
        })
        .expect(202);
      for (;;) {
        const { body } = await admin.get('/resources').expect(200);
        const [resource] = body.items;
        if (resource?.waitingFor) {
          const { secret_ref } = await knex('resource_callbacks').first();
          const secret = await secrets.get({ $secretRef: secret_ref });
          return {
            resourceId: resource.id as string,
            send: (report: object) =>
              sendReport({
                app: api.server as never,
                route: `${API}/resources/${resource.id}/callback`,
                secret,
                body: report,
              }),
          };
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    },
  };
}
