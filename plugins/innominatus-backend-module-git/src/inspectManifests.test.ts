import { rmSync } from 'node:fs';
import {
  KubernetesObject,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { createGitCommitManifestsStepType } from './createGitCommitManifestsStepType';
import { GitServer } from './__testUtils__/GitServer';
import { createTestStep } from './__testUtils__/stepContext';

jest.setTimeout(60_000);

const object = (kind: string, name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
});

describe('looking at what was committed', () => {
  let server: GitServer;

  beforeAll(async () => {
    server = await GitServer.start('bot:token');
  });
  afterAll(async () => {
    await server.stop();
  });

  it('finds files that somebody changed or took away, and leaves Secrets out', async () => {
    const { file, http } = server.create({ 'README.md': 'hello' });
    const stepType = createGitCommitManifestsStepType({
      credentials: [{ host: server.host, username: 'bot', token: 'token' }],
      allowFile: true,
      author: { name: 'innominatus', email: 'innominatus@example.com' },
    });
    const newStep = (config = {}) =>
      createTestStep({
        application: { environment: 'production', name: 'shop' },
        environment: {
          name: 'production',
          type: 'production',
          repository: http,
          branch: 'main',
          path: 'apps',
        },
        artifacts: {
          manifests: toYaml([
            object('ConfigMap', 'shop'),
            object('Service', 'shop'),
            object('Secret', 'shop'),
          ]),
        },
        config,
      });
    const inspect = async (config = {}) => {
      const { context, workspace } = newStep(config);
      try {
        return await stepType.inspect!({
          ...context,
          application: context.application!,
          environment: context.environment!,
        });
      } finally {
        rmSync(await workspace, { recursive: true });
      }
    };
    const committed = newStep();
    await stepType.run(committed.context);
    rmSync(await committed.workspace, { recursive: true });
    expect(await inspect()).toEqual([]);
    expect(await inspect({ operation: 'delete' })).toBeUndefined();

    server.push(file, {
      'apps/shop/configmap-shop.yaml': toYaml([
        { ...object('ConfigMap', 'shop'), data: { a: 'by hand' } },
      ]),
      'apps/shop/service-shop.yaml': toYaml([object('Service', 'other')]),
      'apps/shop/more.yaml': 'kind: NotOurs',
    });
    const found = await inspect();
    expect(found).toMatchObject([
      { recorded: { kind: 'ConfigMap' }, found: { data: { a: 'by hand' } } },
      { recorded: { kind: 'Service' } },
    ]);
    expect(found?.[1].found).toBeUndefined();
    // Nothing was committed by looking.
    expect(server.inspect(file, 'rev-list', '--count', 'main').trim()).toBe(
      '3',
    );
  });
});
