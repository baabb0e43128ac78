import { createMockDirectory } from '@backstage/backend-test-utils';
import { toYaml } from '@innominatus/backstage-plugin-innominatus-common';
import { readdirSync } from 'node:fs';
import { createWriteManifestsStepType } from './writeManifestsStepType';

const MANIFESTS = toYaml([
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web-secrets' } },
]);

describe('write-manifests', () => {
  const root = createMockDirectory({ content: { deploy: {} } });

  async function run(config: {
    operation?: 'write' | 'delete';
    path?: string;
  }): Promise<string[]> {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const stepType = createWriteManifestsStepType({ roots: [root.path] });
    const context: Partial<Parameters<typeof stepType.run>[0]> = {
      config: stepType.schema.parse({ path: 'deploy', ...config }),
      application: { environment: 'development', name: 'web' },
      artifacts: { read: async () => MANIFESTS, write: async () => {} },
      log: { info: log, warn: log, error: log },
    };
    await stepType.run(context as Parameters<typeof stepType.run>[0]);
    return lines;
  }

  const files = () => readdirSync(root.resolve('deploy/development/web'));

  it('writes one file per object and leaves secrets out', async () => {
    expect(await run({})).toEqual([
      'Left out Secret web-secrets: it holds secrets',
      'Wrote 1 files',
    ]);
    expect(files()).toEqual(['configmap-web.yaml']);
  });

  it('removes what is not delivered any more, and nothing else', async () => {
    root.addContent({
      'deploy/development/web/service-old.yaml': 'kind: Service',
      'deploy/development/web/README.md': 'mine',
    });
    await run({});
    expect(files()).toEqual(['README.md', 'configmap-web.yaml']);
    await run({ operation: 'delete' });
    expect(files()).toEqual(['README.md']);
  });

  it('refuses folders that are not below an allowed one', async () => {
    for (const path of ['../elsewhere', '/etc']) {
      await expect(run({ path })).rejects.toMatchObject({
        code: 'PATH_NOT_ALLOWED',
      });
    }
  });
});
