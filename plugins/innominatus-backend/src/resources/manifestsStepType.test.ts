import {
  JsonObject,
  parseManifests,
  secretToken,
} from '@innominatus/backstage-plugin-innominatus-common';
import { manifestsStepType } from './manifestsStepType';

describe('manifests', () => {
  let artifacts: Map<string, string>;

  beforeEach(() => {
    artifacts = new Map();
  });

  async function run(config: JsonObject) {
    const context: Partial<Parameters<typeof manifestsStepType.run>[0]> = {
      config: manifestsStepType.schema.parse(config),
      artifacts: {
        read: async name => artifacts.get(name),
        write: async (name, text) => {
          artifacts.set(name, text);
        },
      },
      log: { info: () => {}, warn: () => {}, error: () => {} },
    };
    return manifestsStepType.run(
      context as Parameters<typeof manifestsStepType.run>[0],
    );
  }

  const object = (name: string, more: JsonObject = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    ...more,
  });
  const found = (artifact = 'manifests') =>
    parseManifests(artifacts.get(artifact) ?? '');

  it('adds to what is there and replaces what it has added before', async () => {
    await run({ manifest: object('a', { data: { version: '1' } }) });
    await run({ manifest: [object('b'), object('c')] });
    const again = await run({
      manifest:
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { version: "2" }',
    });
    expect(again).toEqual({ outputs: { count: 3 } });
    expect(found().map(({ metadata }) => metadata.name)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(found()[0].data).toEqual({ version: '2' });
    await run({ manifest: object('d'), artifact: 'more' });
    expect(found('more')).toHaveLength(1);
  });

  it('refuses what is no manifest', async () => {
    await expect(
      run({ manifest: { kind: 'ConfigMap' } }),
    ).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
    });
  });

  it('lets a secret into a Secret only', async () => {
    const secret = { $secretRef: 'run/1/a' };
    await run({
      manifest: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'a' },
        stringData: {
          password: secret,
          text: `is ${secretToken(secret.$secretRef)}`,
        },
      },
    });
    for (const value of [secret, `is ${secretToken(secret.$secretRef)}`]) {
      await expect(
        run({ manifest: object('b', { data: { value } }) }),
      ).rejects.toMatchObject({ code: 'MANIFEST_SECRET_EXPOSED' });
    }
  });
});
