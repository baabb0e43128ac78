export * from './providerSummaries';
export * from './router';
