export { InnominatusApiError } from './errors';
export { InnominatusClient } from './InnominatusClient';
export type { ListOptions, LogOptions } from './InnominatusClient';
export type { CallOptions, InnominatusClientOptions } from './request';
export type { StreamEvent } from './stream';
export * from './types';
