export * from './migrateFile';
export { migrateScore } from './migrateScore';
export type { ExtractedFile, MigratedScore } from './migrateScore';
