import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { LARGEST_BATCH, packLines, unpackLines } from './logChunks';
import { DatabaseLogStore, LogLine, LogStore } from './LogStore';
import { readLogLines, ReadLogLinesOptions } from './readLogLines';
import { RunLog } from './RunLog';

jest.setTimeout(60_000);

const databases = createTestDatabases();

function makeLine(i: number, patch: Partial<LogLine> = {}): LogLine {
  return {
    step: `s${i % 3}`,
    attempt: 1,
    at: 1_764_000_000_000 + i,
    level: 'info',
    text: `line ${i}`,
    ...patch,
  };
}

describe('chunks of a log', () => {
  it('give the lines back as they were', () => {
    const lines = [
      makeLine(0, { text: '' }),
      makeLine(0, { text: '"quoted" \\ back, ü, 漢, 😀', level: 'warn' }),
      makeLine(0, { text: 'a\rb', level: 'error', attempt: 2 }),
      makeLine(1, { text: ' leading and trailing ' }),
    ];
    const chunks = packLines({ runId: 'r', afterSeq: 7, lines });
    expect(chunks).toHaveLength(3);
    expect(
      chunks.flatMap(unpackLines).sort((left, right) => left.seq - right.seq),
    ).toEqual(lines.map((line, i) => ({ ...line, seq: 8 + i })));
  });

  it('are bounded in lines and in bytes', () => {
    const many = Array.from({ length: LARGEST_BATCH }, (_, i) =>
      makeLine(i, { step: 'a' }),
    );
    const rows = packLines({ runId: 'r', afterSeq: 0, lines: many });
    expect(rows.map(row => row.line_count)).toEqual([500, 500]);
    const large = many.map(line => ({ ...line, text: 'ü'.repeat(8000) }));
    for (const row of packLines({ runId: 'r', afterSeq: 0, lines: large })) {
      expect(row.bytes).toBeLessThanOrEqual(64 * 1024);
    }
  });
});

describe.each(databases.each())('logs on %s', databaseId => {
  const lease = { runId: 'r', owner: 'w', fencingToken: 3 };
  let knex: Knex;
  let store: LogStore;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    store = DatabaseLogStore.create(knex);
    await knex('workflow_runs').insert({
      id: 'r',
      workflow: 'test',
      status: 'running',
      initiator: 'user:default/jane',
      definition: '{}',
      input: '{}',
      steps_total: 1,
      created_at: 1,
      lease_owner: 'w',
      fencing_token: 3,
    });
  });

  async function write(lines: LogLine[], batch: number): Promise<void> {
    for (let i = 0; i < lines.length; i += batch) {
      const part = lines.slice(i, i + batch);
      await store.append({ lease, afterSeq: i, lines: part });
    }
  }

  function read(options: Partial<ReadLogLinesOptions> = {}) {
    return readLogLines(knex, { runId: 'r', limit: 100_000, ...options });
  }

  it.each([1, 7, 200, 1000])(
    'are read in order, whatever was written together: %s lines',
    async batch => {
      const lines = Array.from(
        { length: batch * 40 > 2500 ? 2500 : 120 },
        (_, i) => makeLine(i),
      );
      await write(lines, batch);
      const all = lines.map((line, i) => ({ ...line, seq: i + 1 }));
      expect(await store.lastSeq('r')).toBe(lines.length);
      expect(await read()).toEqual(all);
      for (const after of [0, 1, 50, lines.length - 1, lines.length]) {
        expect(await read({ after, limit: 30 })).toEqual(
          all.slice(after, after + 30),
        );
      }
      expect(await read({ step: 's1', after: 20, limit: 10 })).toEqual(
        all.filter(({ step, seq }) => step === 's1' && seq > 20).slice(0, 10),
      );
    },
  );

  it('are searched by what a line says, without regard to case', async () => {
    const lines = Array.from({ length: 1500 }, (_, i) =>
      makeLine(i, {
        text: i % 500 === 3 ? `Error 100% of "${i}"` : `all is well ${i}`,
        attempt: 1 + (i % 2),
      }),
    );
    await write(lines, 1000);
    const found = (await read({ search: 'ERROR 100%' })).map(({ seq }) => seq);
    expect(found).toEqual([4, 504, 1004]);
    expect(await read({ search: 'error 100_' })).toEqual([]);
    expect(await read({ search: '"503"', attempt: 2 })).toHaveLength(1);
    expect(await read({ search: '"503"', attempt: 1 })).toEqual([]);
    // A match must not reach over the end of a line.
    expect(await read({ search: 'well 0\nall' })).toEqual([]);
    expect(await read({ search: 'error', after: 4, limit: 1 })).toMatchObject([
      { seq: 504 },
    ]);
  });

  it('take nothing from a worker that lost the run', async () => {
    await expect(
      store.append({
        lease: { ...lease, fencingToken: 2 },
        afterSeq: 0,
        lines: [makeLine(0)],
      }),
    ).rejects.toThrow('another worker');
    expect(await read()).toEqual([]);
  });

  it('lose and double nothing when an answer gets lost', async () => {
    let lost = 0;
    const log = RunLog.create({
      lease,
      lastSeq: 0,
      onWritten: () => {},
      store: {
        lastSeq: runId => store.lastSeq(runId),
        append: async options => {
          await store.append(options);
          if (lost < 2) {
            lost += 1;
            // More lines come before the batch is written again.
            log.write(makeLine(100 + lost));
            throw new Error('connection lost');
          }
        },
      },
    });
    for (let i = 0; i < 10; i++) {
      log.write(makeLine(i));
    }
    await log.flush();
    const lines = await read();
    expect(lost).toBe(2);
    expect(lines.map(({ text }) => text)).toEqual([
      ...Array.from({ length: 10 }, (_, i) => `line ${i}`),
      'line 101',
      'line 102',
    ]);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, i) => i + 1));
  });
});
