export * from './ProviderTester';
