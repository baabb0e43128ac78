import { SubjectOptions, connect } from '../subjects/innominatus';
import { isPostgres } from './cloneRuns';
import { captureStatements, explainOnPostgres, explainOnSqlite } from './plans';
import { historyQueries } from './queries';

/** Each question is asked until one of these is reached. */
const MAX_TIMES = 50;
const MAX_MS = 2_000;

/** Answers what each question costs on the tables as they are. */
async function ask({ url, folder }: SubjectOptions): Promise<unknown> {
  const knex = await connect(url, folder);
  const answers = [];
  for (const { name, run } of await historyQueries(knex)) {
    const statements = await captureStatements(knex, run);
    const times: number[] = [];
    const begun = performance.now();
    while (times.length < MAX_TIMES && performance.now() - begun < MAX_MS) {
      const at = performance.now();
      await run();
      times.push(performance.now() - at);
    }
    times.sort((left, right) => left - right);
    const plans = [];
    for (const statement of statements) {
      plans.push(
        isPostgres(knex)
          ? await explainOnPostgres(knex, statement)
          : await explainOnSqlite(knex, statement),
      );
    }
    answers.push({
      name,
      ms: times[Math.floor(times.length / 2)],
      pages: isPostgres(knex)
        ? plans.reduce((sum, plan) => sum + (plan.pages ?? 0), 0)
        : undefined,
      access: [...new Set(plans.flatMap(plan => plan.access))],
      scans: [...new Set(plans.flatMap(plan => plan.scans))],
      statements: statements.map(({ sql }) => sql),
    });
  }
  await knex.destroy();
  return answers;
}

ask(JSON.parse(process.argv[2]))
  .then(answers => {
    process.stdout.write(`\nRESULT ${JSON.stringify(answers)}\n`);
  })
  .catch(error => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
