import { mockServices } from '@backstage/backend-test-utils';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { eventually } from '../__testUtils__/TestEngine';
import { PostgresNotices } from './PostgresNotices';
import { RunChanges, RunNotice } from './RunChanges';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each().filter(([id]) => id.startsWith('POSTGRES')))(
  'notices on %s',
  databaseId => {
    it('reach other replicas, also after the connection broke', async () => {
      const knex = await databases.init(databaseId);
      const logger = mockServices.logger.mock();
      const replicas = [0, 1].map(() => {
        const changes = RunChanges.create();
        const received: RunNotice[] = [];
        const receive = changes.receive.bind(changes);
        changes.receive = notice => {
          received.push(notice);
          receive(notice);
        };
        const notices = PostgresNotices.create({ knex, changes, logger });
        notices.start();
        return { changes, received, notices };
      });
      const [first, second] = replicas;
      const logNotices = () =>
        second.received.filter(notice => notice.kind === 'log').length;
      const send = () => first.changes.publish({ kind: 'log', runId: 'r1' });
      await eventually(async () => {
        send();
        return logNotices() > 0;
      });

      await knex.raw(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'LISTEN innominatus'",
      );
      await new Promise(resolve => setTimeout(resolve, 100));
      const before = logNotices();
      await eventually(async () => {
        send();
        return logNotices() > before;
      });
      expect(logNotices()).toBeGreaterThan(before);
      await Promise.all(replicas.map(({ notices }) => notices.stop()));
    });
  },
);

it('are not needed on SQLite', async () => {
  const [sqlite] = databases.each();
  const notices = PostgresNotices.create({
    knex: await databases.init(sqlite[0]),
    changes: RunChanges.create(),
    logger: mockServices.logger.mock(),
  });
  notices.start();
  await expect(notices.stop()).resolves.toBeUndefined();
});
