import os from 'node:os';
import { RATIOS, SUBJECTS } from './subjects.mjs';

/** Above this many cores used by other programs a round says little. */
const QUIET_CORES = 0.35;

const isQuiet = result => (result.foreignCores ?? 0) <= QUIET_CORES;

const median = values =>
  values.sort((left, right) => left - right)[Math.floor(values.length / 2)];

/** The median of each figure, over the quiet rounds where there is one. */
export function summarize(results) {
  const quiet = results.filter(isQuiet);
  const used = quiet.length > 0 ? quiet : results;
  const summary = { rounds: results.length, quiet: quiet.length };
  for (const key of Object.keys(used[0])) {
    const values = used.map(result => result[key]);
    if (values.every(value => typeof value === 'number')) {
      summary[key] = median(values);
    }
  }
  return summary;
}

const COLUMNS = [
  {
    head: 'wf/s',
    inDocs: 'workflows/s',
    of: result => result.perSecond.toFixed(0),
  },
  { head: 'p50 ms', inDocs: 'p50 ms', of: result => result.p50.toFixed(1) },
  { head: 'p99 ms', inDocs: 'p99 ms', of: result => result.p99.toFixed(1) },
  { head: 'CPU client', of: result => result.cpuMs.toFixed(2) },
  {
    inDocs: 'CPU ms, both',
    of: result => (result.cpuMs + (result.serverCpuMs ?? 0)).toFixed(1),
  },
  { head: 'server', of: result => result.serverCpuMs?.toFixed(2) },
  {
    head: 'RSS node',
    inDocs: 'MB node',
    of: result => result.rssMb.toFixed(0),
  },
  {
    head: 'server',
    inDocs: 'MB server',
    of: result => result.serverMb?.toFixed(0),
  },
  { head: 'foreign', of: result => result.foreignCores?.toFixed(2) },
  { head: 'quiet', of: result => `${result.quiet}/${result.rounds}` },
];

const HEADS = COLUMNS.filter(({ head }) => head);
const WIDTH = 10;
const LABEL_WIDTH = 28;

const line = (label, cells) =>
  `${label.padEnd(LABEL_WIDTH)}${cells
    .map(cell => (cell ?? '-').padStart(WIDTH + 1))
    .join('')}`;

/** The lines of a table of everything that was measured at one concurrency. */
export function formatTable({ table, concurrency, rounds }) {
  const rows = SUBJECTS.filter(({ key }) => table[`${key}@${concurrency}`]);
  if (rows.length === 0) return [];
  return [
    '',
    `${concurrency} at a time, 10 durable no-op steps a workflow, median of ${rounds} rounds`,
    line(
      '',
      HEADS.map(({ head }) => head),
    ),
    ...rows.map(({ key, label }) => {
      const result = table[`${key}@${concurrency}`];
      const mark = result.quiet === 0 ? ' †' : '';
      return line(
        `${label}${mark}`,
        HEADS.map(({ of }) => of(result)),
      );
    }),
  ];
}

/** The same as a table of Markdown, for the documentation. */
export function formatMarkdown({ table, concurrency }) {
  const rows = SUBJECTS.filter(({ key }) => table[`${key}@${concurrency}`]);
  if (rows.length === 0) return [];
  const columns = COLUMNS.filter(({ inDocs }) => inDocs);
  const cells = values => `| ${values.join(' | ')} |`;
  return [
    '',
    cells([`${concurrency} at a time`, ...columns.map(({ inDocs }) => inDocs)]),
    cells(['---', ...columns.map(() => '---:')]),
    ...rows.map(({ key, label }) => {
      const result = table[`${key}@${concurrency}`];
      return cells([label, ...columns.map(({ of }) => of(result) ?? '-')]);
    }),
  ];
}

export function legend() {
  return [
    '',
    'PostgreSQL with its default fsync and a pool of 10 connections (floor: one a client); SQLite with a write-ahead log and synchronous=FULL; Redis with appendfsync always.',
    `CPU in ms a workflow; memory in MB; "foreign" is the cores other programs used meanwhile (of ${os.availableParallelism()}).`,
    `† no round had less than ${QUIET_CORES} foreign cores: read such a row as a hint.`,
  ];
}

/** Ours divided by theirs, for the pairs that were both measured. */
export function ratiosOf(table) {
  const pairs = RATIOS.filter(
    ({ ours, theirs }) => table[ours] && table[theirs],
  ).map(({ key, ours, theirs }) => [
    key,
    Number((table[ours].perSecond / table[theirs].perSecond).toFixed(2)),
  ]);
  return Object.fromEntries(pairs);
}
