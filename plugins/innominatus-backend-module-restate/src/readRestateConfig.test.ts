import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readRestateConfig } from './readRestateConfig';

const KEY = 'publickeyv1_2G8dCQhArfvGpzPw5Vx2ALciR4xCLHfS5YaT93XjNxX9';

describe('the configuration of Restate', () => {
  const read = (restate: JsonObject | undefined) =>
    readRestateConfig(
      new ConfigReader({ innominatus: { engine: { restate } } }),
    );

  it('needs little on one machine', () => {
    expect(read({ ingressUrl: 'http://localhost:8080/' })).toEqual({
      ingressUrl: 'http://localhost:8080',
      adminUrl: undefined,
      advertisedUrl: undefined,
      listen: { host: '127.0.0.1', port: 9080 },
      identityKeys: [],
      servicePrefix: 'innominatus',
      token: undefined,
      timeoutMs: 10_000,
    });
  });

  it('reads all of it', () => {
    expect(
      read({
        ingressUrl: 'https://restate.example.com',
        adminUrl: 'https://admin.example.com',
        advertisedUrl: 'http://steps:9080',
        listen: { host: '0.0.0.0', port: 9999 },
        identityKeys: [KEY],
        servicePrefix: 'team-a',
        token: 'secret',
        timeout: { seconds: 3 },
      }),
    ).toMatchObject({
      listen: { host: '0.0.0.0', port: 9999 },
      identityKeys: [KEY],
      servicePrefix: 'team-a',
      timeoutMs: 3000,
    });
  });

  it.each([
    [undefined, 'has no "innominatus.engine.restate"'],
    [{ ingressUrl: 'restate:8080' }, 'ingressUrl" is "restate:8080"'],
    [
      { ingressUrl: 'http://r', listen: { host: '0.0.0.0' } },
      'Set "innominatus.engine.restate.identityKeys", or listen on 127.0.0.1',
    ],
    [
      { ingressUrl: 'http://r', identityKeys: ['mine'] },
      'identityKeys[0]" is not a public key of Restate',
    ],
    [{ ingressUrl: 'http://r', listen: { port: 70000 } }, 'listen.port" is'],
    [{ ingressUrl: 'http://r', servicePrefix: 'a/b' }, 'servicePrefix" is'],
  ])('refuses %j', (restate, message) => {
    expect(() => read(restate)).toThrow(message);
  });
});
