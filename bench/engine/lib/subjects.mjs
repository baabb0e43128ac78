/**
 * What is measured. `on` is the server that a subject gets for itself: a new
 * database, or a new server. `at` lists how many workflows are in progress at a
 * time; the short form leaves out what no ratio needs.
 */
export const SUBJECTS = [
  {
    key: 'ours',
    label: 'innominatus, PostgreSQL',
    file: 'innominatus.ts',
    on: 'postgres',
    at: [1, 50],
  },
  {
    key: 'floor',
    label: 'driver floor, PostgreSQL',
    file: 'floorPostgres.mjs',
    on: 'postgres',
    at: [1, 50],
  },
  {
    key: 'restate',
    label: 'Restate',
    file: 'restate.mjs',
    on: 'restate',
    at: [1, 50],
    quickAt: [50],
  },
  {
    key: 'dbos',
    label: 'DBOS, PostgreSQL',
    file: 'dbos.mjs',
    on: 'postgres',
    peer: 'dbos',
    at: [1, 50],
  },
  {
    key: 'scaffolder',
    label: 'scaffolder, PostgreSQL',
    file: 'scaffolder.mjs',
    on: 'postgres',
    at: [1, 50],
    quickAt: [50],
  },
  {
    key: 'graphile',
    label: 'graphile-worker',
    file: 'graphile.mjs',
    on: 'postgres',
    peer: 'graphile',
    at: [1, 50],
    quickAt: [50],
  },
  {
    key: 'bullmq',
    label: 'BullMQ, Redis',
    file: 'bullmq.mjs',
    on: 'redis',
    peer: 'bullmq',
    at: [1, 50],
    quickAt: [50],
  },
  {
    key: 'ours-sqlite',
    label: 'innominatus, SQLite',
    file: 'innominatus.ts',
    at: [1, 50],
    quickAt: [50],
  },
  {
    key: 'naive-sqlite',
    label: 'simple journal, SQLite',
    file: 'naiveSqlite.mjs',
    at: [1, 50],
    quickAt: [50],
  },
];

/** The ratios of the last line: ours divided by theirs. */
export const RATIOS = [
  { key: 'restate@50', ours: 'ours@50', theirs: 'restate@50' },
  { key: 'dbos@50', ours: 'ours@50', theirs: 'dbos@50' },
  { key: 'scaffolder@50', ours: 'ours@50', theirs: 'scaffolder@50' },
  { key: 'floor@50', ours: 'ours@50', theirs: 'floor@50' },
  { key: 'dbos@1', ours: 'ours@1', theirs: 'dbos@1' },
  { key: 'floor@1', ours: 'ours@1', theirs: 'floor@1' },
  {
    key: 'naive-sqlite@50',
    ours: 'ours-sqlite@50',
    theirs: 'naive-sqlite@50',
  },
];
