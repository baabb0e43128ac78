import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Knex } from 'knex';
import {
  inOrder,
  testWorkflow,
} from '../../../plugins/innominatus-backend/src/__testUtils__/workflows';
import { SubjectOptions, createEngine } from '../subjects/innominatus';
import { cloneRuns, isPostgres } from './cloneRuns';

/** Of these one fails. */
const TEMPLATES = 20;
const MB = 1024 * 1024;

interface FillOptions extends SubjectOptions {
  runs: number;
}

/** Carries out a few runs and copies them until the tables are full. */
async function fill(options: FillOptions): Promise<unknown> {
  const begun = performance.now();
  const engine = await createEngine(options);
  const { knex, runs, runtime } = engine;
  const templates: string[] = [];
  for (let i = 0; i < TEMPLATES; i += 1) {
    const run = await runs.start({
      definition: testWorkflow(
        inOrder([
          { name: 'prepare', type: 'say' },
          { name: 'apply', type: i === 0 ? 'fail' : 'say' },
          { name: 'check', type: 'noop' },
        ]),
      ),
      title: `Deploy version ${i}`,
      goldenPath: 'template',
      application: {
        environment: 'development',
        environmentType: 'development',
        name: 'template',
        entityRef: 'component:default/template',
        owner: 'group:default/template',
      },
      parameters: { version: `1.0.${i}`, replicas: 2 },
      initiator: 'user:default/template',
    });
    await runs.waitForEnd({
      id: run.id,
      signal: AbortSignal.timeout(60_000),
    });
    templates.push(run.id);
  }
  await runtime.stop();
  await cloneRuns({
    knex,
    templates,
    runs: options.runs,
    onProgress: done => process.stderr.write(`${done} runs\n`),
  });
  const [{ found }] = await knex('workflow_runs').count({ found: '*' });
  const megabytes = await sizeOf(knex, options.folder);
  await knex.destroy();
  return {
    runs: Number(found),
    megabytes,
    seconds: (performance.now() - begun) / 1000,
  };
}

async function sizeOf(knex: Knex, folder: string): Promise<number> {
  if (!isPostgres(knex)) {
    return statSync(join(folder, 'innominatus.sqlite')).size / MB;
  }
  const { rows } = await knex.raw(
    'select pg_database_size(current_database()) as bytes',
  );
  return Number(rows[0].bytes) / MB;
}

fill(JSON.parse(process.argv[2]))
  .then(result => {
    process.stdout.write(`\nRESULT ${JSON.stringify(result)}\n`);
  })
  .catch(error => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
