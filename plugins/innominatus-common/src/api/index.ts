export { InnominatusApiError } from './errors';
export { InnominatusClient } from './InnominatusClient';
export * from './clients';
export type {
  CallOptions,
  InnominatusClientOptions,
  Query,
  StartOptions,
} from './request';
export type { StreamEvent } from './stream';
export * from './types';
