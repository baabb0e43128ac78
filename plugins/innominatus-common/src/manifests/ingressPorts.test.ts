import { JsonValue } from '../json';
import { nameIngressPorts } from './ingressPorts';

function ingress(port: JsonValue) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'shop' },
    spec: {
      rules: [
        { http: { paths: [{ backend: { service: { name: 'shop', port } } }] } },
      ],
    },
  };
}

describe('nameIngressPorts', () => {
  it.each([
    [80, { number: 80 }],
    ['8080', { number: 8080 }],
    ['web', { name: 'web' }],
    [{ number: 443 }, { number: 443 }],
  ])('writes the port %j as %j', (port, expected) => {
    expect(nameIngressPorts(ingress(port))).toEqual(ingress(expected));
  });

  it('leaves other kinds alone', () => {
    const service = { kind: 'Service', spec: { service: { port: 80 } } };
    expect(nameIngressPorts(service)).toBe(service);
  });
});
