import { Knex } from 'knex';
import { isPostgres } from '../database';

/** Runs of a golden path, and of each workflow, that are looked at. */
const RECENT_RUNS = 20;

/** How long things took, in seconds. */
export interface PastDurations {
  /** By name of the step of the golden path. */
  steps: ReadonlyMap<string, number>;
  /** By name of the workflow of a provider. */
  workflows: ReadonlyMap<string, number>;
}

export const NO_PAST_DURATIONS: PastDurations = {
  steps: new Map(),
  workflows: new Map(),
};

/** Learns from runs that ended well how long steps and workflows take. */
export class PastRunDurations {
  readonly #knex: Knex;

  static create(knex: Knex): PastRunDurations {
    return new PastRunDurations(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** One statement, whose cost does not grow with history. */
  async find(options: {
    goldenPath: string;
    workflows: string[];
  }): Promise<PastDurations> {
    const knex = this.#knex;
    const recentRuns = knex('workflow_runs')
      .where({ golden_path: options.goldenPath, status: 'succeeded' })
      .orderBy('number', 'desc')
      .limit(RECENT_RUNS)
      .select('id');
    const workflows = options.workflows.map(workflow =>
      knex(
        knex('workflow_runs')
          .where({ workflow, status: 'succeeded' })
          .whereNotNull('started_at')
          .orderBy('number', 'desc')
          .limit(RECENT_RUNS)
          .select('workflow', 'started_at', 'ended_at')
          .as('recent'),
      )
        .groupBy('workflow')
        .select(
          knex.raw("'workflow' as kind"),
          'workflow as name',
          knex.raw('avg(ended_at - started_at) as ms'),
        ),
    );
    const rows: Array<{ kind: string; name: string; ms: number | string }> =
      await knex(
        knex(this.#attempts(recentRuns))
          .whereNotNull('ms')
          .groupBy('name')
          .select(knex.raw("'step' as kind"), 'name', knex.raw('avg(ms) as ms'))
          .as('steps'),
      )
        .select('kind', 'name', 'ms')
        .unionAll(workflows);
    const ofKind = (kind: string) =>
      new Map(
        rows
          .filter(row => row.kind === kind)
          .map(row => [row.name, Number(row.ms) / 1000]),
      );
    return { steps: ofKind('step'), workflows: ofKind('workflow') };
  }

  /**
   * From the first start of each step to its end, read out of the journal: a
   * row of it holds the events of one turn.
   */
  #attempts(runs: Knex.QueryBuilder): Knex.QueryBuilder {
    const knex = this.#knex;
    // Rows of old hold a single event, and are left out.
    const list =
      "case when substr(e.event, 1, 1) = '[' then e.event else '[]' end";
    const elements = isPostgres(knex)
      ? `json_array_elements((${list})::json) as t(value)`
      : `json_each(${list}) as t`;
    const get = (name: string) => `t.value ->> '${name}'`;
    const at = `cast(${get('at')} as bigint)`;
    const when = (type: string) =>
      `case when ${get('type')} = '${type}' then ${at} end`;
    return knex
      .from(knex.raw(`run_events e, ${elements}`))
      .whereIn('e.run_id', runs)
      .whereRaw(`${get('type')} in ('StepStarted', 'StepSucceeded')`)
      .groupByRaw(`e.run_id, ${get('step')}`)
      .select(
        knex.raw(`${get('step')} as name`),
        knex.raw(
          `max(${when('StepSucceeded')}) - min(${when('StepStarted')}) as ms`,
        ),
      )
      .as('attempts');
  }
}
