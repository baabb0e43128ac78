export * from './GoldenPathTester';
export * from './ProviderTester';
export type { TestDefinitionsOptions } from './readTestDefinitions';
