import { Knex } from 'knex';
import { encodeCursor } from '../../../plugins/innominatus-backend/src/database';
import { claimRuns } from '../../../plugins/innominatus-backend/src/engine/claims';
import { pendingSignals } from '../../../plugins/innominatus-backend/src/engine/signals';
import { RetentionStore } from '../../../plugins/innominatus-backend/src/retention';
import {
  DatabaseRunStore,
  ListRunsOptions,
} from '../../../plugins/innominatus-backend/src/runs';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface HistoryQuery {
  name: string;
  run(): Promise<unknown>;
}

/** What people and background tasks ask again and again. */
export async function historyQueries(knex: Knex): Promise<HistoryQuery[]> {
  const store = DatabaseRunStore.create(knex);
  const retention = RetentionStore.create(knex);
  const numbers = await knex('workflow_runs')
    .min({ first: 'number' })
    .max({ last: 'number' })
    .first();
  const middle = Math.floor(
    (Number(numbers?.first) + Number(numbers?.last)) / 2,
  );
  const some = await knex('workflow_runs')
    .where('number', '<=', middle)
    .orderBy('number', 'desc')
    .first('id', 'number', 'ended_at');

  const sort = '-createdAt';
  const list = (
    filter: ListRunsOptions['filter'],
    options: Partial<ListRunsOptions> = {},
    restrict?: (query: Knex.QueryBuilder) => void,
  ) => store.list({ limit: 50, sort, filter, ...options }, restrict);

  return [
    { name: 'list, first page', run: () => list({}) },
    {
      name: 'list, page in the middle',
      run: () => list({}, { cursor: encodeCursor({ sort, values: [middle] }) }),
    },
    {
      name: 'list of an application',
      run: () => list({ environment: ['production'], application: ['app-8'] }),
    },
    {
      name: 'list of a component',
      run: () => list({ entityRef: ['component:default/app-8'] }),
    },
    {
      name: 'list of a golden path',
      run: () => list({ goldenPath: ['path-3'] }),
    },
    {
      name: 'list of a workflow',
      run: () => list({ workflow: ['workflow-3'] }),
    },
    {
      name: 'list of a person',
      run: () => list({ initiator: ['user:default/person-8'] }),
    },
    {
      name: 'list of a team, by permission',
      run: () =>
        list({}, {}, query =>
          query.whereIn('application_owner', ['group:default/team-8']),
        ),
    },
    {
      name: 'list of running and queued',
      run: () => list({ status: ['running', 'queued'] }),
    },
    { name: 'list of failed', run: () => list({ status: ['failed'] }) },
    {
      name: 'list of failed, by permission',
      run: () =>
        list({ status: ['failed'] }, {}, query =>
          query.whereIn('application_owner', ['group:default/team-8']),
        ),
    },
    { name: 'list with total', run: () => list({}, { count: true }) },
    { name: 'run by id', run: () => store.get(some?.id) },
    { name: 'run by number', run: () => store.get(String(some?.number)) },
    {
      name: 'nested runs of a run',
      run: () => list({ parentRun: [some?.id] }),
    },
    {
      name: 'log of a run',
      run: () => store.logs({ id: some?.id, limit: 1000 }),
    },
    {
      name: 'claim, nothing to do',
      run: () =>
        claimRuns(knex, {
          owner: 'bench',
          leaseMs: 10_000,
          limit: 20,
          nested: false,
        }),
    },
    {
      name: 'claim of nested runs, nothing to do',
      run: () =>
        claimRuns(knex, {
          owner: 'bench',
          leaseMs: 10_000,
          limit: 50,
          nested: true,
        }),
    },
    {
      name: 'signals of runs in progress',
      run: () => pendingSignals(knex, [some?.id]),
    },
    {
      name: 'retention, runs that are due',
      run: () => retention.expiredRuns({ ageMs: 90 * DAY_MS, limit: 200 }),
    },
    {
      name: 'retention, next runs past their logs',
      run: () =>
        retention.runsPastLogs({
          ageMs: 30 * DAY_MS,
          after: { number: middle, endedAt: Number(some?.ended_at) },
          limit: 200,
        }),
    },
  ];
}
