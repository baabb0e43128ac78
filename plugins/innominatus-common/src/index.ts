/**
 * Isomorphic core of innominatus: Score, workflows, plans, permissions, wire
 * types and the API client.
 *
 * @packageDocumentation
 */
export * from './analysis';
export * from './annotations';
export * from './api';
export * from './costs';
export * from './definitions';
export * from './diagnostics';
export * from './environments';
export * from './generate';
export * from './json';
export * from './manifests';
export * from './migrate';
export * from './permissions';
export * from './policies';
export * from './score';
export * from './simulation';
export * from './workflow';
