import {
  BackendFeature,
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  NotificationSendOptions,
  notificationService,
} from '@backstage/plugin-notifications-node';
import { JsonObject } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusStepTypesExtensionPoint } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { parseAllDocuments } from 'yaml';
import { innominatusPlugin } from '../plugin';
import { TestPolicy } from './TestPolicy';
import { RecordedAudit, recordingAuditor } from './recordingAuditor';
import { testStepType } from './stepTypes';

export const API = '/api/innominatus/v1';

const EXAMPLES = path.resolve(__dirname, '../../../../examples');

/** Locations of the examples that everyone starts with. */
export const EXAMPLE_LOCATIONS = [
  'environments',
  'golden-paths',
  'providers',
  'workflows',
  'policies',
].map(folder => path.join(EXAMPLES, folder));

/** In place of the modules that reach out to clusters and repositories. */
const otherStepTypes = createBackendModule({
  pluginId: 'innominatus',
  moduleId: 'test-step-types',
  register(reg) {
    reg.registerInit({
      deps: { stepTypes: innominatusStepTypesExtensionPoint },
      async init({ stepTypes }) {
        for (const name of ['kubernetes', 'git-commit-manifests']) {
          stepTypes.addStepType(testStepType(name, async () => {}));
        }
      },
    });
  },
});

export interface StartTestApiOptions {
  knex: Knex;
  /** Files and folders with definitions. */
  locations: string[];
  entities?: Entity[];
  /** More of `innominatus` in the configuration. */
  config?: JsonObject;
  policy?: TestPolicy;
  /** Modules that are installed too. */
  features?: BackendFeature[];
  /** Group of a user, if there is one. */
  groupOf?: (user: string) => string | undefined;
}

export type TestApi = Awaited<ReturnType<typeof startTestApi>>;

/** The plugin in a backend, as it is installed, and ways to call it. */
export async function startTestApi(options: StartTestApiOptions) {
  const { knex, locations, entities = [] } = options;
  const policy = options.policy ?? TestPolicy.create();
  const notifications: NotificationSendOptions[] = [];
  const audits: RecordedAudit[] = [];
  const backend = await startTestBackend({
    features: [
      innominatusPlugin,
      otherStepTypes,
      ...(options.features ?? []),
      mockServices.rootConfig.factory({
        data: {
          innominatus: {
            locations: locations.map(target => ({ type: 'file', target })),
            encryption: {
              keys: [
                { id: 'test', secret: 'a key that is only for tests 123' },
              ],
            },
            ...options.config,
          },
        },
      }),
      mockServices.database.factory({ knex }),
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => recordingAuditor(audits),
      }),
      mockServices.permissions.mock(policy.service).factory,
      mockServices.httpAuth.factory({
        defaultCredentials: mockCredentials.none(),
      }),
      catalogServiceMock.factory({ entities }),
      mockServices.userInfo.mock({
        getUserInfo: async credentials => {
          const { userEntityRef } = credentials.principal as {
            userEntityRef: string;
          };
          const group = options.groupOf?.(userEntityRef);
          return {
            userEntityRef,
            ownershipEntityRefs: [userEntityRef, ...(group ? [group] : [])],
          };
        },
      }).factory,
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({
          send: async notification => {
            notifications.push(notification);
          },
        }),
      }),
    ],
  });
  const { server } = backend;

  const as = (token: string | undefined) => {
    const call = (method: 'get' | 'post' | 'put' | 'delete', route: string) => {
      const sent = request(server)[method](`${API}${route}`);
      return token === undefined ? sent : sent.set('Authorization', token);
    };
    return {
      get: (route: string) => call('get', route),
      post: (route: string, body: object | string = {}) =>
        call('post', route).type('json').send(body),
      put: (route: string, body: object) =>
        call('put', route).type('json').send(body),
      delete: (route: string) => call('delete', route),
    };
  };
  const user = (name: string) =>
    as(mockCredentials.user.header(`user:default/${name}`));

  return {
    server,
    policy,
    notifications,
    /** What the auditor was told, in its order. */
    audits,
    anonymous: as(undefined),
    user,
    service: (subject: string) =>
      as(
        `Bearer mock-service-token:${JSON.stringify({ sub: subject, target: 'innominatus' })}`,
      ),
    stop: () => backend.stop(),
    /** Waits until the result of a deployment is recorded. */
    waitForDeployment: async (id: string, name = 'admin') => {
      for (;;) {
        const { body, status } = await user(name).get(`/deployments/${id}`);
        if (status !== 200) {
          throw new Error(JSON.stringify(body));
        }
        if (body.endedAt) {
          return body;
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    },
    /** Waits until a run asks people, and answers the id of the question. */
    waitForApproval: async (run: string, name = 'admin') => {
      for (;;) {
        const { body, status } = await user(name).get(
          `/approvals?filter[run]=${run}&filter[state]=pending`,
        );
        if (status !== 200) {
          throw new Error(JSON.stringify(body));
        }
        if (body.items.length > 0) {
          return body.items[0].id as string;
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    },
    waitForRun: async (id: string, name = 'admin') => {
      for (;;) {
        const { body, status } = await user(name).get(`/runs/${id}`);
        if (status !== 200) {
          throw new Error(JSON.stringify(body));
        }
        if (body.endedAt) {
          return body;
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    },
  };
}

/** The entities of `examples/catalog`, as the catalog would answer them. */
export function exampleEntities(): Entity[] {
  return ['org.yaml', 'entities.yaml'].flatMap(name =>
    parseAllDocuments(
      readFileSync(path.join(EXAMPLES, 'catalog', name), 'utf8'),
    ).map(document => {
      const entity: Entity = document.toJS();
      return {
        ...entity,
        metadata: { namespace: 'default', ...entity.metadata },
      };
    }),
  );
}

export function exampleScore(name: string): string {
  return readFileSync(path.join(EXAMPLES, 'score', `${name}.yaml`), 'utf8');
}
