import { LogLevel, LogLine } from './LogStore';

/** Bounds of a row: what one read has to unpack to get at a line. */
const LINES_PER_CHUNK = 500;
const BYTES_PER_CHUNK = 64 * 1024;

/**
 * The numbers of one batch, hence the most by which the first and the last
 * number of a chunk differ.
 */
export const LARGEST_BATCH = 1000;

/** Row of `log_chunks`: lines of one attempt that were written together. */
export interface LogChunkRow {
  run_id: string;
  first_seq: number;
  last_seq: number;
  step: string;
  attempt: number;
  first_at: number | string;
  line_count: number;
  bytes: number;
  /** JSON of {@link LineMark}s. */
  marks: string;
  /** Lines never hold a line feed, so one between them is enough. */
  text: string;
}

/** Number and time, counted from those of the chunk, and level. */
type LineMark = [seq: number, at: number, level: 'i' | 'w' | 'e'];

export type NumberedLine = LogLine & { seq: number };

const LETTERS = { info: 'i', warn: 'w', error: 'e' } as const;
const LEVELS: Record<LineMark[2], LogLevel> = {
  i: 'info',
  w: 'warn',
  e: 'error',
};

/**
 * Packs a batch into as few rows as its attempts allow. Lines keep the numbers
 * they would have alone, so chunks of steps beside each other overlap.
 */
export function packLines(options: {
  runId: string;
  afterSeq: number;
  lines: LogLine[];
}): LogChunkRow[] {
  const { runId, afterSeq, lines } = options;
  const open = new Map<string, { lines: NumberedLine[]; bytes: number }>();
  const chunks: Array<{ lines: NumberedLine[]; bytes: number }> = [];
  for (const [i, line] of lines.entries()) {
    const key = `${line.attempt}/${line.step}`;
    const bytes = Buffer.byteLength(line.text);
    let chunk = open.get(key);
    if (
      !chunk ||
      chunk.lines.length >= LINES_PER_CHUNK ||
      chunk.bytes + bytes > BYTES_PER_CHUNK
    ) {
      chunk = { lines: [], bytes: 0 };
      open.set(key, chunk);
      chunks.push(chunk);
    }
    chunk.bytes += bytes;
    chunk.lines.push({ ...line, seq: afterSeq + 1 + i });
  }
  return chunks.map(chunk => toRow(runId, chunk.lines, chunk.bytes));
}

function toRow(
  runId: string,
  lines: NumberedLine[],
  bytes: number,
): LogChunkRow {
  const [first] = lines;
  const marks = lines.map((line): LineMark => [
    line.seq - first.seq,
    line.at - first.at,
    LETTERS[line.level],
  ]);
  return {
    run_id: runId,
    first_seq: first.seq,
    last_seq: lines[lines.length - 1].seq,
    step: first.step,
    attempt: first.attempt,
    first_at: first.at,
    line_count: lines.length,
    bytes,
    marks: JSON.stringify(marks),
    text: lines.map(line => line.text.replaceAll('\n', ' ')).join('\n'),
  };
}

export function unpackLines(row: LogChunkRow): NumberedLine[] {
  const texts = row.text.split('\n');
  const marks: LineMark[] = JSON.parse(row.marks);
  return marks.map(([seq, at, level], i) => ({
    seq: row.first_seq + seq,
    step: row.step,
    attempt: row.attempt,
    at: Number(row.first_at) + at,
    level: LEVELS[level],
    text: texts[i],
  }));
}
