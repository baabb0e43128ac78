import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { EmbeddedRuntime, RunChanges } from '../../engine';
import { DatabaseRunStore, DefaultRunService, RunEnds } from '../../runs';

/** Runs as the plugin offers them, without the permissions of people. */
export function createRunService(options: {
  knex: Knex;
  changes: RunChanges;
  logger: LoggerService;
  /** The one in this process, if there is any. */
  runtime?: EmbeddedRuntime;
}): DefaultRunService {
  const { knex, changes, logger, runtime } = options;
  const store = DatabaseRunStore.create(knex);
  return DefaultRunService.create({
    knex,
    store,
    changes,
    ends: RunEnds.create({ knex, store, changes, logger }),
    access: { filter: async () => () => {} },
    reserve: place => runtime?.reserve(place),
  });
}
