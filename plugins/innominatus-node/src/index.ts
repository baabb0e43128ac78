/**
 * Extension points and contracts for packages that extend innominatus.
 *
 * @packageDocumentation
 */
export * from './errors';
export * from './events';
export * from './keptManifests';
export * from './locations';
export * from './providers';
export * from './healthCheckers';
export * from './inspectManifestFiles';
export * from './runtime';
export * from './serviceClient';
export * from './stepRunner';
export * from './stepTypes';
