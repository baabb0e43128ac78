import { Knex } from 'knex';
import { isPostgres } from '../database';
import {
  LARGEST_BATCH,
  LogChunkRow,
  NumberedLine,
  unpackLines,
} from './logChunks';

/** Of at most 64 KB each, so a page of them is a few megabytes. */
const CHUNKS_PER_READ = 32;

export interface ReadLogLinesOptions {
  runId: string;
  after?: number;
  limit: number;
  step?: string;
  attempt?: number;
  search?: string;
}

/** Lines of a run in the order of their numbers. */
export async function readLogLines(
  knex: Knex,
  options: ReadLogLinesOptions,
): Promise<NumberedLine[]> {
  const { limit } = options;
  const after = options.after ?? 0;
  const matches = matcher(options.search);
  const found: NumberedLine[] = [];
  const held: NumberedLine[] = [];
  let from = after - LARGEST_BATCH;
  for (;;) {
    const chunks: LogChunkRow[] = await chunksOf(knex, options)
      .andWhere('first_seq', '>', from)
      .andWhere('last_seq', '>', after)
      .orderBy('first_seq')
      .limit(CHUNKS_PER_READ);
    held.push(
      ...chunks
        .flatMap(unpackLines)
        .filter(line => line.seq > after && matches(line.text)),
    );
    held.sort((left, right) => left.seq - right.seq);
    if (chunks.length < CHUNKS_PER_READ) {
      return [...found, ...held].slice(0, limit);
    }
    // Chunks overlap, but none that comes later begins before the last one.
    from = chunks[chunks.length - 1].first_seq;
    const sure = countUpTo(held, from);
    found.push(...held.splice(0, sure));
    if (found.length >= limit) {
      return found.slice(0, limit);
    }
  }
}

/** How many of the lines, which are in order, have at most this number. */
function countUpTo(lines: NumberedLine[], seq: number): number {
  const next = lines.findIndex(line => line.seq > seq);
  return next < 0 ? lines.length : next;
}

function chunksOf(knex: Knex, options: ReadLogLinesOptions) {
  const { runId, step, attempt, search } = options;
  const query = knex<LogChunkRow>('log_chunks').where({ run_id: runId });
  if (step !== undefined) {
    query.andWhere({ step });
  }
  if (attempt !== undefined) {
    query.andWhere({ attempt });
  }
  if (search) {
    // Not LIKE, where parts of the words could be wildcards.
    const position = isPostgres(knex) ? 'strpos' : 'instr';
    query.andWhereRaw(`${position}(lower(text), lower(?)) > 0`, [search]);
  }
  return query;
}

function matcher(search: string | undefined): (text: string) => boolean {
  if (!search) {
    return () => true;
  }
  const wanted = search.toLocaleLowerCase('en');
  return text => text.toLocaleLowerCase('en').includes(wanted);
}
