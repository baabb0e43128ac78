import { Knex } from 'knex';
import { BenchPlatform } from './platform';

const NAME = 'orders';
const ROWS_PER_INSERT = 50;

/** A workload with databases, and routes that lead to them. */
export function scoreWith(resources: number, size: 'small' | 'large'): string {
  const pairs = Array.from({ length: resources / 2 }, (_, index) => index);
  return `apiVersion: score.dev/v1b1
metadata:
  name: ${NAME}
containers:
  main:
    image: registry.example/orders:${size === 'small' ? '1.0.0' : '2.0.0'}
    variables:
${pairs.map(index => `      DB_${index}: \${resources.db-${index}.host}\n`).join('')}resources:
${pairs
  .map(
    index => `  db-${index}:
    type: postgres
    params: { size: ${index % 2 === 0 ? size : 'small'} }
  route-${index}:
    type: route
    params: { host: "\${resources.db-${index}.host}" }
`,
  )
  .join('')}`;
}

/** As if the workload had been deployed with all its resources. */
export async function deployed(
  knex: Knex,
  platform: BenchPlatform,
  resources: number,
): Promise<void> {
  const { applications, resources: store } = platform;
  const score = scoreWith(resources, 'small');
  const { application } = await applications.claimNumber({
    environment: 'development',
    environmentType: 'development',
    name: NAME,
  });
  const revision = await applications.addRevision({
    applicationId: application.id,
    score,
    scoreHash: 'hash',
    createdBy: 'user:default/jane',
  });
  await applications.update(application.id, { revision, status: 'succeeded' });
  const provider = { name: 'simulator', version: '1.0.0' };
  for (let index = 0; index < resources / 2; index += 1) {
    const db = `postgres.default#${NAME}.db-${index}`;
    for (const { uid, name, type, params, outputs, dependsOn } of [
      {
        uid: db,
        name: `db-${index}`,
        type: 'postgres',
        params: { size: 'small' },
        outputs: { host: `db-${index}.internal` },
        dependsOn: [],
      },
      {
        uid: `route.default#${NAME}.route-${index}`,
        name: `route-${index}`,
        type: 'route',
        params: { host: `\${resources.db-${index}.host}` },
        outputs: {},
        dependsOn: [db],
      },
    ]) {
      const { id } = await store.request({
        environment: 'development',
        environmentType: 'development',
        class: 'default',
        workload: NAME,
        provider,
        management: 'native',
        ...{ uid, name, type, params, dependsOn },
      });
      for (const to of ['provisioning', 'active'] as const) {
        await store.transition({
          id,
          to,
          reason: 'Deployed',
          by: 'user:default/jane',
          patch: { outputs, resolvedParams: params, paramsHash: 'hash' },
        });
      }
    }
  }
  const living = await knex('resources').where({ state: 'active' });
  if (living.length !== resources) {
    throw new Error(`There are ${living.length} of ${resources} resources.`);
  }
}

/** Applications with ten deployments each, of which one is the last. */
export async function manyApplications(
  knex: Knex,
  count: number,
): Promise<void> {
  for (let first = 0; first < count; first += ROWS_PER_INSERT) {
    const numbers = Array.from(
      { length: Math.min(ROWS_PER_INSERT, count - first) },
      (_, index) => first + index,
    );
    const common = {
      environment: 'development',
      environment_type: 'development',
      created_at: 1,
    };
    await knex('applications').insert(
      numbers.map(number => ({
        ...common,
        id: `app-${number}`,
        name: `app-${(number * 7919) % count}`,
        status: 'succeeded',
        revision: 1,
        last_deployment_id: `deployment-${number}-9`,
        updated_at: 1_000 + ((number * 104_729) % count),
      })),
    );
    for (let deployment = 0; deployment < 10; deployment += 1) {
      await knex('deployments').insert(
        numbers.map(number => ({
          ...common,
          id: `deployment-${number}-${deployment}`,
          application_id: `app-${number}`,
          number: deployment + 1,
          name: `app-${(number * 7919) % count}`,
          action: 'deploy',
          status: 'succeeded',
          revision: 1,
          golden_path: 'deploy-app',
          plan_hash: 'hash',
          run_id: `run-${number}-${deployment}`,
          run_number: number * 10 + deployment,
          work: '{"resources":[],"removals":[]}',
          changes: '[]',
          created_by: 'user:default/jane',
          ended_at: 2,
        })),
      );
    }
  }
  // As the database does by itself, a while later.
  await knex.raw('analyze');
}
