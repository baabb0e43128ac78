import { Knex } from 'knex';

/** A statement of the hot path, written by hand for one database. */
export interface PreparedStatement {
  /** Unique per text; the server keeps the plan under it. */
  name: string;
  text: string;
}

interface PostgresConnection {
  query(query: {
    name?: string;
    text: string;
    values: unknown[];
  }): Promise<{ rows: unknown[] }>;
}

interface SqliteStatement {
  reader: boolean;
  all(...values: unknown[]): unknown[];
  run(...values: unknown[]): unknown;
}

interface SqliteConnection {
  prepare(text: string): SqliteStatement;
  exec(text: string): unknown;
  inTransaction: boolean;
}

/**
 * What a pooler in transaction mode answers to prepared statements: it hands
 * out another server session, which does not know them or knows them already.
 */
const UNPREPARED_CODES = new Set(['26000', '42P05']);

/**
 * Databases behind such a pooler, by their configuration, which transactions
 * share; their statements are planned each time.
 */
const withoutPreparing = new WeakSet<object>();

/**
 * After so many uses on a connection a statement is planned anew. PostgreSQL
 * keeps a plan until the statistics of a table change. One that was made when a
 * table was nearly empty reads the table as a whole, and would do so for a
 * minute in which the table grows to thousands of rows.
 */
const PLANNED_AGAIN_AFTER = [8, 32, 128, 512, 2048, 8192];

const uses = new WeakMap<PostgresConnection, Map<string, number>>();

const sqliteStatements = new WeakMap<
  SqliteConnection,
  Map<string, SqliteStatement>
>();

/**
 * Runs a statement on PostgreSQL with a plan that a connection keeps.
 *
 * @remarks
 * Knex plans every statement anew. The statements of the journal are large
 * enough for the planning to cost more than the work.
 */
export async function queryPostgres<Row>(
  knex: Knex,
  statement: PreparedStatement,
  values: unknown[],
): Promise<Row[]> {
  const { client } = knex;
  const connection: PostgresConnection = await client.acquireConnection();
  try {
    const { text } = statement;
    if (withoutPreparing.has(client.config)) {
      return (await connection.query({ text, values })).rows as Row[];
    }
    try {
      const name = nameOfPlan(connection, statement.name);
      const result = await connection.query({ name, text, values });
      return result.rows as Row[];
    } catch (error) {
      if (!UNPREPARED_CODES.has((error as { code?: string }).code ?? '')) {
        throw error;
      }
      withoutPreparing.add(client.config);
      if (client.transacting) {
        // The transaction is lost, but its next try will work.
        throw error;
      }
      return (await connection.query({ text, values })).rows as Row[];
    }
  } finally {
    await client.releaseConnection(connection);
  }
}

/** The server keeps a plan under its name, so that another name is another plan. */
function nameOfPlan(connection: PostgresConnection, name: string): string {
  const counts = uses.get(connection) ?? new Map<string, number>();
  const used = counts.get(name) ?? 0;
  uses.set(connection, counts.set(name, used + 1));
  return `${name}_${PLANNED_AGAIN_AFTER.filter(limit => used >= limit).length}`;
}

/** Runs one statement on SQLite, prepared once per connection. */
export type SqliteQuery = <Row>(text: string, values: unknown[]) => Row[];

/**
 * Gives the work a way to run statements on SQLite. The work is synchronous, as
 * SQLite is, and one transaction, unless `knex` is a transaction already.
 */
export async function onSqlite<Result>(
  knex: Knex,
  work: (query: SqliteQuery) => Result,
): Promise<Result> {
  const { client } = knex;
  const connection: SqliteConnection = await client.acquireConnection();
  const query = <Row>(text: string, values: unknown[]) => {
    const statement = prepareSqlite(connection, text);
    if (statement.reader) {
      return statement.all(...values) as Row[];
    }
    statement.run(...values);
    return [];
  };
  try {
    return connection.inTransaction
      ? work(query)
      : inTransaction(connection, () => work(query));
  } finally {
    await client.releaseConnection(connection);
  }
}

function inTransaction<Result>(
  connection: SqliteConnection,
  work: () => Result,
): Result {
  // At once a writer: another process cannot get between reading and writing.
  connection.exec('begin immediate');
  try {
    const result = work();
    connection.exec('commit');
    return result;
  } catch (error) {
    if (connection.inTransaction) {
      connection.exec('rollback');
    }
    throw error;
  }
}

function prepareSqlite(
  connection: SqliteConnection,
  text: string,
): SqliteStatement {
  let statements = sqliteStatements.get(connection);
  if (statements === undefined) {
    statements = new Map();
    sqliteStatements.set(connection, statements);
  }
  let statement = statements.get(text);
  if (statement === undefined) {
    statement = connection.prepare(text);
    statements.set(text, statement);
  }
  return statement;
}
