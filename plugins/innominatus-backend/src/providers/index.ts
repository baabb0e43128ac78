export * from './codeProviders';
export * from './providerSummaries';
export * from './router';
