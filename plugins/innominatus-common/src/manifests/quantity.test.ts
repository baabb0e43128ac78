import { parseQuantity, toKubernetesQuantity } from './quantity';
import { renderWorkload } from './renderWorkload';
import { container, renderOptions } from './__testUtils__/workloads';

describe('parseQuantity', () => {
  it.each([
    ['1', 1],
    ['0.5', 0.5],
    ['250m', 0.25],
    ['64K', 64_000],
    ['1Ki', 1024],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1e3', 1000],
    ['10E', 1e19],
    ['x', undefined],
    ['1Q', undefined],
  ])('reads %s as %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });
});

describe('compute resources', () => {
  it('are written as Kubernetes spells them', () => {
    expect(['64K', '64Ki', '1', '100m'].map(toKubernetesQuantity)).toEqual([
      '64k',
      '64Ki',
      '1',
      '100m',
    ]);
  });

  it('warn of a request that is above its limit', () => {
    const { diagnostics } = renderWorkload(
      renderOptions({
        containers: {
          web: container({
            resources: {
              limits: { cpu: '0.24', memory: '128M' },
              requests: { cpu: '1000m', memory: '64K' },
            },
          }),
        },
      }),
    );
    expect(diagnostics).toMatchObject([
      {
        severity: 'warning',
        code: 'MANIFEST_REQUEST_OVER_LIMIT',
        message:
          'Container "web" requests 1000m of cpu, more than its limit of 0.24. Clusters refuse that.',
        pointer: '/containers/web/resources/requests/cpu',
      },
    ]);
  });
});
