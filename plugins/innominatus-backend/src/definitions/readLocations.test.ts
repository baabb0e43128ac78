import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { readLocations } from './readLocations';

function read(...locations: Array<Record<string, string>>) {
  return readLocations({
    config: new ConfigReader({ innominatus: { locations } }),
    urlReader: mockServices.urlReader.mock(),
    locationTypes: [],
    baseDirectory: '.',
    logger: mockServices.logger.mock(),
  });
}

describe('locations of the configuration', () => {
  const target = 'https://git.example/platform/tree/main/';

  it('may be files and addresses', () => {
    expect(
      read({ type: 'file', target: './platform' }, { type: 'url', target }),
    ).toEqual([
      expect.objectContaining({ refreshMs: undefined }),
      expect.objectContaining({ target }),
    ]);
  });

  it('hold no credentials, which everybody could read', () => {
    const secret = 'https://jane:hunter2@git.example/platform/tree/main/';
    expect(() => read({ type: 'url', target: secret })).toThrow(
      'The value of "innominatus.locations[0].target" holds credentials for "git.example". Put them below "integrations" in the app-config.',
    );
  });

  it('are told apart from what is no address', () => {
    expect(() => read({ type: 'url', target: 'platform/tree' })).toThrow(
      'The value of "innominatus.locations[0].target" is "platform/tree", expected an address such as',
    );
  });

  it('name the types that there are', () => {
    expect(() => read({ type: 'git', target })).toThrow(
      /Install ".*module-git" for "git"/,
    );
  });
});
