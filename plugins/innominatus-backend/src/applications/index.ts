export * from './ApplicationIdentities';
export * from './ApplicationViews';
export * from './DatabaseApplicationStore';
export * from './router';
export * from './types';
