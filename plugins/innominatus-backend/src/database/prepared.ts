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

const sqliteStatements = new WeakMap<
  SqliteConnection,
  Map<string, SqliteStatement>
>();

/**
 * Runs a statement on PostgreSQL with a plan that is made once per connection.
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
      const result = await connection.query({ ...statement, values });
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
