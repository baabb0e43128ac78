export * from './migrateFile';
export { goldenPathFiles } from './migrateGoldenPaths';
export { migrateScore } from './migrateScore';
export type { ExtractedFile, MigratedScore } from './migrateScore';
