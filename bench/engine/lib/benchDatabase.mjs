import pg from 'pg';

const START_TIMEOUT_MS = 30_000;
const CANNOT_CONNECT_NOW = '57P03';

let created = 0;

/** The server accepts connections a moment before it accepts statements. */
async function untilReady(connect) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (error.code !== CANNOT_CONNECT_NOW || Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

/**
 * A new, empty database on a running PostgreSQL. `remove` drops it, which also
 * makes a checkpoint: so no subject pays for writing out what another one left.
 */
export async function createDatabase(postgres) {
  created += 1;
  const name = `bench_${created}`;
  const admin = async sql => {
    const client = await untilReady(async () => {
      const fresh = new pg.Client({ connectionString: postgres.url });
      await fresh.connect();
      return fresh;
    });
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await admin(`create database ${name}`);
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return {
    pid: postgres.pid,
    url: url.href,
    stop: () => admin(`drop database ${name} with (force)`),
  };
}
