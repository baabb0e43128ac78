import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readDefinitions } from '../definitions';
import { collectOfflineTypes } from './__testUtils__/collectOfflineTypes';
import { OFFLINE_TYPES, offlineTypeOf } from './offlineTypes';

const FOLDER = resolve(__dirname, '../../../../examples/providers');
const FILES = [
  'kubernetes/provider.yaml',
  'simulator/provider.yaml',
  'simulator/workflows.yaml',
];
const UPDATE = 'UPDATE_OFFLINE_TYPES';

function collected() {
  const read = FILES.map(
    file =>
      readDefinitions(readFileSync(join(FOLDER, file), 'utf8'), { file })
        .definitions,
  );
  return collectOfflineTypes({
    providers: read.flatMap(({ providers }) => providers),
    workflows: read.flatMap(({ workflows }) => workflows),
  });
}

describe('offlineTypes', () => {
  it(`are those of the example providers (${UPDATE}=1 writes them anew)`, () => {
    const types = collected();
    if (process.env[UPDATE]) {
      writeFileSync(
        join(__dirname, 'offlineTypes.json'),
        `${JSON.stringify(types, undefined, 2)}\n`,
      );
      return;
    }
    expect(OFFLINE_TYPES).toEqual(types);
  });

  it('finds a type by its other name', () => {
    expect(offlineTypeOf('postgresql')?.type).toBe('postgres');
    expect(offlineTypeOf('nothing')).toBeUndefined();
  });

  it('takes what a cluster itself offers from the provider for clusters', () => {
    expect(offlineTypeOf('volume')?.manifests).toMatchObject([
      { kind: 'PersistentVolumeClaim' },
    ]);
  });
});
