export * from './RefreshRequests';
export * from './readWebhookSecrets';
export * from './router';
