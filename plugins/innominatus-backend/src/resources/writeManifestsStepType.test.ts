import { createMockDirectory } from '@backstage/backend-test-utils';
import { toYaml } from '@innominatus/backstage-plugin-innominatus-common';
import { readdirSync, rmSync } from 'node:fs';
import { createWriteManifestsStepType } from './writeManifestsStepType';

const MANIFESTS = toYaml([
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web-secrets' } },
]);

describe('write-manifests', () => {
  const root = createMockDirectory({ content: { deploy: {} } });

  async function run(
    config: {
      operation?: 'write' | 'delete';
      path?: string;
      prune?: boolean;
    },
    artifacts: Record<string, string> = { manifests: MANIFESTS },
  ): Promise<string[]> {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const stepType = createWriteManifestsStepType({ roots: [root.path] });
    const context: Partial<Parameters<typeof stepType.run>[0]> = {
      config: stepType.schema.parse({ path: 'deploy', ...config }),
      application: { environment: 'development', name: 'web' },
      artifacts: {
        read: async name => artifacts[name],
        write: async () => {},
      },
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

  it('leaves what other applications need, also when the workload goes', async () => {
    root.addContent({
      'deploy/development/web/persistentvolumeclaim-data.yaml': 'kind: x',
      'deploy/development/web/service-old.yaml': 'kind: Service',
    });
    const kept = toYaml([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
      },
    ]);
    await run(
      { operation: 'delete' },
      { manifests: MANIFESTS, 'manifests.kept': kept },
    );
    expect(files()).toContain('persistentvolumeclaim-data.yaml');
    expect(files()).not.toContain('service-old.yaml');
    await run({ operation: 'delete' });
    expect(files()).not.toContain('persistentvolumeclaim-data.yaml');
  });

  it('leaves what is there when it is told to', async () => {
    root.addContent({
      'deploy/development/web/service-old.yaml': 'kind: Service',
    });
    await run({ prune: false });
    expect(files()).toEqual(
      expect.arrayContaining(['configmap-web.yaml', 'service-old.yaml']),
    );
    await run({});
    expect(files()).not.toContain('service-old.yaml');
  });

  it('refuses folders that are not below an allowed one', async () => {
    for (const path of ['../elsewhere', '/etc']) {
      await expect(run({ path })).rejects.toMatchObject({
        code: 'PATH_NOT_ALLOWED',
      });
    }
  });

  it('sees what became of the files, however they are laid out', async () => {
    await run({});
    const stepType = createWriteManifestsStepType({ roots: [root.path] });
    const inspect = (operation: string) =>
      stepType.inspect!({
        config: stepType.schema.parse({ path: 'deploy', operation }),
        application: { environment: 'development', name: 'web' },
        environment: { name: 'development', type: 'development' },
        artifacts: { read: async () => MANIFESTS },
      } as unknown as Parameters<NonNullable<typeof stepType.inspect>>[0]);
    expect(await inspect('delete')).toBeUndefined();
    expect(await inspect('write')).toEqual([]);

    const file = 'deploy/development/web/configmap-web.yaml';
    root.addContent({
      [file]: '{ kind: ConfigMap, metadata: { name: web }, apiVersion: v1 }',
    });
    expect(await inspect('write')).toEqual([]);
    root.addContent({
      [file]:
        '{ kind: ConfigMap, metadata: { name: web }, apiVersion: v1, data: { a: b } }',
    });
    expect(await inspect('write')).toMatchObject([
      { recorded: { kind: 'ConfigMap' }, found: { data: { a: 'b' } } },
    ]);
    rmSync(root.resolve(file));
    expect(await inspect('write')).toMatchObject([
      { recorded: { metadata: { name: 'web' } } },
    ]);
    root.addContent({ [file]: 'nonsense: [' });
    await expect(inspect('write')).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
    });
  });
});
