import { priceOf } from './priceOf';

const PRICE = {
  monthly: 10,
  params: {
    size: { small: 0, large: 40 },
    storage: { each: 0.12, unit: 'Gi' as const },
    replicas: { each: 5 },
  },
};

it.each([
  [{}, 10],
  [{ size: 'small' }, 10],
  [{ size: 'large', replicas: 3 }, 65],
  [{ storage: '20Gi' }, 12.4],
  [{ storage: '20GiB' }, 12.4],
  [{ storage: '1Ti' }, 132.88],
  [{ storage: 20 }, 12.4],
  [{ storage: '20' }, 12.4],
])('adds up what %j costs', (params, expected) => {
  expect(priceOf(PRICE, params)).toBe(expected);
});

it.each([
  [{ size: 'huge' }],
  [{ size: 'toString' }],
  [{ storage: '${resources.disk.size}' }],
  [{ storage: { of: '20Gi' } }],
  // Else what costs too much would be paid for by what there is less than none of.
  [{ replicas: -1_000 }],
  [{ storage: '-20Gi' }],
])('adds nothing for %j, which has no price', params => {
  expect(priceOf(PRICE, params)).toBe(10);
});
