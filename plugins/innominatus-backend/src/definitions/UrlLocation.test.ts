import { mockServices } from '@backstage/backend-test-utils';
import { NotModifiedError } from '@backstage/errors';
import { UrlLocation } from './UrlLocation';

const text = (content: string) => async () => Buffer.from(content);

describe('UrlLocation', () => {
  it('reads one file, and again only when it changed', async () => {
    const reader = mockServices.urlReader.mock();
    reader.readUrl.mockResolvedValueOnce({ buffer: text('a: 1'), etag: 'one' });
    reader.readUrl.mockRejectedValueOnce(new NotModifiedError());
    const target = 'https://git.example/platform/environments.yaml?ref=main';
    const location = UrlLocation.create({ target, reader });
    await expect(location.read()).resolves.toEqual([
      { name: target, text: 'a: 1' },
    ]);
    await expect(location.read()).resolves.toBeUndefined();
    expect(reader.readUrl).toHaveBeenLastCalledWith(target, { etag: 'one' });
  });

  it('reads the YAML files of a folder in a repository', async () => {
    const reader = mockServices.urlReader.mock();
    reader.readTree.mockResolvedValue({
      etag: 'one',
      archive: jest.fn(),
      dir: jest.fn(),
      files: async () => [
        { path: 'b.yaml', content: text('b: 1') },
        { path: 'a/a.yml', content: text('a: 1') },
      ],
    });
    const location = UrlLocation.create({
      target: 'https://git.example/platform/tree/main/definitions/',
      reader,
    });
    const files = await location.read();
    expect(files?.map(file => file.name)).toEqual([
      'https://git.example/platform/tree/main/definitions/a/a.yml',
      'https://git.example/platform/tree/main/definitions/b.yaml',
    ]);
    const { filter } = reader.readTree.mock.calls[0][1] ?? {};
    expect(filter?.('README.md')).toBe(false);
    expect(filter?.('a/a.yml')).toBe(true);
  });

  it('refuses a file that is too large', async () => {
    const reader = mockServices.urlReader.mock();
    reader.readUrl.mockResolvedValue({
      buffer: async () => Buffer.alloc(2 * 1024 * 1024),
    });
    const location = UrlLocation.create({
      target: 'https://git.example/large.yaml',
      reader,
    });
    await expect(location.read()).rejects.toThrow('at most 1048576 are read');
  });
});
