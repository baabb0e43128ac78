import { Knex } from 'knex';

export interface Statement {
  sql: string;
  bindings: unknown[];
}

export interface StatementPlan {
  /** Pages that the statement looked at; only PostgreSQL tells. */
  pages?: number;
  /** How tables are read, such as `workflow_runs by workflow_runs_pkey`. */
  access: string[];
  /** Large tables that were read as a whole. */
  scans: string[];
}

const IS_PLANNED = /^\s*(select|with|update|insert|delete)\b/i;

/** The statements that `run` sends through knex. */
export async function captureStatements(
  knex: Knex,
  run: () => Promise<unknown>,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  const listener = (query: Partial<Statement>) => {
    if (query.sql && IS_PLANNED.test(query.sql)) {
      statements.push({ sql: query.sql, bindings: query.bindings ?? [] });
    }
  };
  knex.on('query', listener);
  try {
    await run();
  } finally {
    knex.removeListener('query', listener);
  }
  return statements;
}

/** Runs the statement inside of a transaction that is rolled back. */
export async function explainOnPostgres(
  knex: Knex,
  { sql, bindings }: Statement,
): Promise<StatementPlan> {
  const connection = await knex.client.acquireConnection();
  try {
    await connection.query('begin');
    const { rows } = await connection.query({
      text: `explain (analyze, buffers, format json) ${sql}`,
      values: bindings,
    });
    await connection.query('rollback');
    const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
    const nodes = [...nodesOf(plan)].filter(
      node => node['Relation Name'] && node['Node Type'] !== 'ModifyTable',
    );
    const large = await largeTables(connection);
    return {
      pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
      access: nodes.map(
        node =>
          `${node['Relation Name']} by ${node['Index Name'] ?? node['Node Type']}`,
      ),
      scans: nodes
        .filter(
          node =>
            node['Node Type'] === 'Seq Scan' &&
            node['Actual Loops'] !== 0 &&
            large.has(node['Relation Name'] ?? ''),
        )
        .map(node => String(node['Relation Name'])),
    };
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

/** To read a small table as a whole is the best plan. */
async function largeTables(connection: {
  query(sql: string): Promise<{ rows: Array<{ relname: string }> }>;
}): Promise<Set<string>> {
  const { rows } = await connection.query(
    "select relname from pg_class where relkind = 'r' and reltuples > 5000",
  );
  return new Set(rows.map(row => row.relname));
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) {
    // The index part of a bitmap scan has no table of its own.
    yield* nodesOf({ 'Relation Name': bitmapTable(node, child), ...child });
  }
}

function bitmapTable(node: PlanNode, child: PlanNode): string | undefined {
  return child['Node Type'] === 'Bitmap Index Scan'
    ? node['Relation Name']
    : undefined;
}

export async function explainOnSqlite(
  knex: Knex,
  { sql, bindings }: Statement,
): Promise<StatementPlan> {
  const connection = await knex.client.acquireConnection();
  try {
    const rows: Array<{ detail: string }> = connection
      .prepare(`explain query plan ${sql}`)
      .all(
        bindings.map(value =>
          typeof value === 'boolean' ? Number(value) : value,
        ),
      );
    const details = rows
      .map(row => row.detail)
      .filter(detail => /^(SCAN|SEARCH)/.test(detail));
    return {
      access: details,
      // A scan along an index is ordered by it, and ends with the limit.
      scans: details.filter(
        detail => /^SCAN \S+$/.test(detail) && !isNamedQuery(detail, sql),
      ),
    };
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

/** What a `with` names is not a table. */
function isNamedQuery(detail: string, sql: string): boolean {
  const name = detail.replace('SCAN ', '');
  return new RegExp(`\\b${name} as \\(`).test(sql);
}
