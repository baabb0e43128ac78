export * from './DefaultAccessControl';
export * from './registerPermissions';
export * from './rules';
export * from './types';
