import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PLATFORM } from '../__testUtils__/platformFiles';
import { startTestApi } from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();

it('locations are looked at on the schedule of a real scheduler', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'innominatus-schedule-'));
  writeFileSync(path.join(folder, 'all.yaml'), PLATFORM);
  const api = await startTestApi({
    knex: await databases.initEmpty('SQLITE_3'),
    locations: [folder],
    config: { refreshInterval: '1s' },
    features: [schedulerServiceFactory],
  });
  const version = async () => {
    const { body } = await api.user('jane').get('/providers').expect(200);
    return body.items[0].version;
  };
  await expect(version()).resolves.toBe('1.0.0');
  writeFileSync(
    path.join(folder, 'all.yaml'),
    `${PLATFORM.replace('name: simulator, version: 1.0.0', 'name: simulator, version: 1.1.0')}# changed`,
  );
  while ((await version()) !== '1.1.0') {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});
