import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const SCORE = `apiVersion: score.dev/v1b1
metadata: { name: web }
containers:
  main:
    image: .
    files:
      /etc/web.conf: { source: conf/web.conf, mode: '0640' }
`;

const ENTITY: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'web',
    annotations: {
      'backstage.io/managed-by-location':
        'url:https://git.example/team/web/blob/main/catalog-info.yaml',
    },
  },
  spec: { type: 'service', owner: 'team', lifecycle: 'x', score: SCORE },
};

describe.each(databases.each())(
  'what comes along with a Score spec on %s',
  id => {
    let knex: Knex;
    let platform: Awaited<ReturnType<typeof createTestPlatform>>;
    let content: string;

    beforeEach(async () => {
      content = 'name=${metadata.name}';
      knex = await databases.init(id);
      platform = await createTestPlatform({
        knex,
        files: new Map([['platform.yaml', PLATFORM]]),
        entities: [ENTITY],
        urlReader: mockServices.urlReader.mock({
          readUrl: jest.fn(async () => ({
            buffer: async () => Buffer.from(content),
          })),
        }),
      });
    });

    afterEach(async () => {
      await platform.stop();
    });

    const plan = (body: object) =>
      platform.api.post('/applications/development/web/plans').send(body);

    const configOf = (body: {
      manifests: Array<{ kind: string; after?: string }>;
    }) => body.manifests.find(({ kind }) => kind === 'ConfigMap')?.after;

    it('is deployed and kept: files, an image and properties', async () => {
      const request = {
        action: 'deploy',
        score: SCORE,
        image: 'registry.example/web:2.0.0',
        sources: { 'conf/web.conf': { content: 'name=${metadata.name}' } },
        overrideProperties: ['containers.main.variables.LEVEL=debug'],
      };
      const { body } = await plan(request);
      expect(configOf(body)).toContain('content: name=web');
      await platform.deploy('development/web', {
        ...request,
        action: 'deploy',
        planHash: body.hash,
      });
      const application = await platform.api.get(
        '/applications/development/web',
      );
      expect(application.body).toMatchObject({
        version: 'registry.example/web:2.0.0',
        score: expect.stringContaining('content: name=${metadata.name}'),
      });
      expect(application.body.score).toContain('LEVEL: debug');
      // What is kept can be deployed again without the files at hand.
      const again = await plan({ action: 'deploy' });
      expect(again.status).toBe(201);
      expect(configOf(again.body)).toContain('content: name=web');
    });

    it('is read from the repository of the entity, and changes the plan when it changed there', async () => {
      const request = {
        action: 'deploy',
        entityRef: 'component:default/web',
        image: 'web:1',
      };
      const first = await plan(request);
      expect(configOf(first.body)).toContain('content: name=web');
      expect((await plan(request)).body.hash).toBe(first.body.hash);
      content = 'other';
      const second = await plan(request);
      expect(configOf(second.body)).toContain('content: other');
      expect(second.body.hash).not.toBe(first.body.hash);
    });

    it('is missed at its place', async () => {
      const { body, status } = await plan({
        action: 'deploy',
        score: SCORE,
        image: 'web:1',
      });
      expect(status).toBe(422);
      expect(body.issues).toMatchObject([
        { code: 'MANIFEST_FILE_SOURCE', line: 7 },
      ]);
      const image = await plan({
        action: 'deploy',
        score: SCORE,
        file: 's.yaml',
      });
      expect(image.body.issues).toContainEqual(
        expect.objectContaining({ code: 'SCORE_IMAGE_MISSING', line: 5 }),
      );
    });

    it('is refused when it is too much or belongs to nothing', async () => {
      const large = await plan({
        action: 'deploy',
        score: SCORE,
        image: 'web:1',
        sources: { 'conf/web.conf': { content: 'x'.repeat(600 * 1024) } },
      });
      expect(large.status).toBe(400);
      const lost = await plan({
        action: 'deploy',
        entityRef: 'component:default/web',
        sources: { 'conf/web.conf': { content: 'x' } },
      });
      expect(lost.status).toBe(400);
      const forged = await plan({
        action: 'deploy',
        score: SCORE,
        image: 'web:1',
        sources: { 'conf/web.conf': { content: '__innominatus_secret_61__' } },
      });
      expect(forged.body.detail).toContain('secret');
    });
  },
);
