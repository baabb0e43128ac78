import { Readable } from 'node:stream';
import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { readScore } from '@innominatus/backstage-plugin-innominatus-common';
import { CatalogFileSources } from './CatalogFileSources';
import { fileUrlBeside } from './fileUrlBeside';

const REPOSITORY = 'https://git.example/team/shop/blob/main';

function entityAt(
  location: string,
  annotations: Record<string, string> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'shop',
      annotations: {
        'backstage.io/managed-by-location': location,
        ...annotations,
      },
    },
  };
}

function workloadWith(sources: string[]) {
  const files = sources
    .map((source, i) => `      /etc/${i}: {source: ${JSON.stringify(source)}}`)
    .join('\n');
  const { workload } = readScore(`apiVersion: score.dev/v1b1
metadata: {name: shop}
containers:
  main:
    image: a:1
    files:
${files}
`);
  return workload!;
}

function setUp(files: Record<string, Buffer>) {
  const urlReader = mockServices.urlReader.mock({
    readUrl: jest.fn(async (url: string) => {
      if (!Object.hasOwn(files, url)) {
        throw new NotFoundError('no');
      }
      return { buffer: async () => files[url] };
    }),
  });
  return { urlReader, sources: CatalogFileSources.create({ urlReader }) };
}

describe('CatalogFileSources', () => {
  it('stops reading a file that is too large, and does not hold it', async () => {
    let sent = 0;
    const buffer = jest.fn();
    const stream = () =>
      Readable.from(
        (function* chunks() {
          for (; sent < 10_000; sent++) {
            yield Buffer.alloc(64 * 1024);
          }
        })(),
      );
    const sources = CatalogFileSources.create({
      urlReader: mockServices.urlReader.mock({
        readUrl: async () => ({ buffer, stream }),
      }),
    });
    const found = await sources.read(
      entityAt(`url:${REPOSITORY}/catalog-info.yaml`),
      workloadWith(['endless']),
    );
    expect(found?.endless).toEqual({
      problem: expect.stringContaining('is too much'),
    });
    expect(sent).toBeLessThan(100);
    expect(buffer).not.toHaveBeenCalled();
  });

  it('reads from the folder of the entity, text and bytes', async () => {
    const { sources } = setUp({
      [`${REPOSITORY}/config/app.conf`]: Buffer.from('a=${metadata.name}'),
      [`${REPOSITORY}/logo.png`]: Buffer.from([0x89, 0xff]),
    });
    await expect(
      sources.read(
        entityAt(`url:${REPOSITORY}/catalog-info.yaml`),
        workloadWith(['./config/app.conf', 'logo.png']),
      ),
    ).resolves.toEqual({
      './config/app.conf': { content: 'a=${metadata.name}' },
      'logo.png': { binaryContent: 'if8=' },
    });
  });

  it('reads from the folder of the Score file when an annotation says where that is', async () => {
    const { sources } = setUp({
      [`${REPOSITORY}/deploy/app.conf`]: Buffer.from('here'),
    });
    const entity = entityAt(`url:${REPOSITORY}/catalog-info.yaml`, {
      'innominatus.dev/score-file': './deploy/score.yaml',
    });
    await expect(
      sources.read(entity, workloadWith(['app.conf'])),
    ).resolves.toEqual({ 'app.conf': { content: 'here' } });
  });

  it('never asks for anything outside of that folder', async () => {
    const { sources, urlReader } = setUp({});
    const at = `url:${REPOSITORY}/catalog-info.yaml`;
    const outside = { 'innominatus.dev/score-file': '../../other/score.yaml' };
    // What `readScore` refuses on its own does not even get this far.
    const { workload } = readScore(`apiVersion: score.dev/v1b1
metadata: {name: shop}
containers: {main: {image: a:1, files: {/a: {source: x}}}}
`);
    for (const source of [
      '../x',
      '/x',
      'https://evil.example/x',
      '.git/config',
    ]) {
      workload!.containers.main.files['/a'].source = source;
      await expect(sources.read(entityAt(at), workload!)).resolves.toEqual({
        [source]: { problem: expect.stringContaining('relative path') },
      });
    }
    await expect(
      sources.read(entityAt(at, outside), workloadWith(['x'])),
    ).resolves.toEqual({
      x: { problem: expect.stringContaining('innominatus.dev/score-file') },
    });
    expect(urlReader.readUrl).not.toHaveBeenCalled();
  });

  it('says what it cannot read, and never reads the disk of the backend', async () => {
    const { sources, urlReader } = setUp({
      [`${REPOSITORY}/large`]: Buffer.alloc(513 * 1024),
    });
    const found = await sources.read(
      entityAt(`url:${REPOSITORY}/catalog-info.yaml`),
      workloadWith(['missing', 'large']),
    );
    expect(found).toEqual({
      missing: { problem: expect.stringContaining('does not exist') },
      large: { problem: expect.stringContaining('512 KiB') },
    });
    jest.mocked(urlReader.readUrl).mockClear();
    await expect(
      sources.read(
        entityAt('file:/etc/catalog.yaml'),
        workloadWith(['passwd']),
      ),
    ).resolves.toEqual({
      passwd: { problem: expect.stringContaining('does not come from') },
    });
    expect(urlReader.readUrl).not.toHaveBeenCalled();
  });
});

describe('fileUrlBeside', () => {
  it.each([
    [
      'https://a/o/r/blob/main/x/c.yaml',
      'd/e.txt',
      'https://a/o/r/blob/main/x/d/e.txt',
    ],
    [
      'https://a/o/_git/r?path=/x/c.yaml&version=GBm',
      'e.txt',
      'https://a/o/_git/r?path=%2Fx%2Fe.txt&version=GBm',
    ],
    ['https://a/o/c.yaml', 'a b?#%2e%2e', 'https://a/o/a%20b%3F%23%252e%252e'],
  ])('%s with %s', (file, path, url) => {
    expect(fileUrlBeside(file, path)).toBe(url);
  });
});
