import {
  Page,
  StreamEvent,
} from '@innominatus/backstage-plugin-innominatus-common';
import { InnominatusApi } from '../api';
import { aDeployment } from './deployments';

/** One page with everything in it. */
export function pageOf<T>(items: T[], nextCursor?: string): Page<T> {
  return { items, nextCursor };
}

/** A stream that sends what it was given and ends. */
export async function* streamOf<T>(
  ...items: T[]
): AsyncGenerator<StreamEvent<T>> {
  for (const [index, data] of items.entries()) {
    yield { id: String(index + 1), event: 'message', data };
  }
}

/** A stream that stays open until the caller stops it. */
export async function* openStream<T>(
  signal: AbortSignal | undefined,
  ...items: T[]
): AsyncGenerator<StreamEvent<T>> {
  yield* streamOf(...items);
  await new Promise<void>(resolve => {
    signal?.addEventListener('abort', () => resolve());
  });
}

/**
 * An API that knows nothing but what a test says; lists are empty, streams
 * stay silent, and anything else is refused by name.
 */
export function fakeApi(answers: Partial<InnominatusApi>): InnominatusApi {
  const silent: Partial<InnominatusApi> = {
    getApplicationDrift: async () => ({
      status: 'unknown',
      count: 0,
      resources: [],
      allowedActions: {
        check: { allowed: true },
        accept: { allowed: true },
        repair: { allowed: true },
      },
    }),
    getDeployment: async () => aDeployment(),
    getResourceHealth: async () => ({ items: [] }),
    listEnvironments: async () => pageOf([]),
    listApplications: async () => pageOf([]),
    listDeployments: async () => pageOf([]),
    listGoldenPaths: async () => pageOf([]),
    listLocations: async () => pageOf([]),
    listPolicies: async () => pageOf([]),
    listProviders: async () => pageOf([]),
    listResources: async () => pageOf([]),
    listResourceTransitions: async () => ({ items: [] }),
    listRuns: async () => pageOf([]),
    listSchedules: async () => pageOf([]),
    validateScore: async () => ({ valid: true, issues: [] }),
    followRun: (_id, call) => openStream(call?.signal),
    followRunLogs: (_id, options) => openStream(options?.signal),
  };
  return new Proxy({ ...silent, ...answers } as InnominatusApi, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (value === undefined && typeof name === 'string' && name !== 'then') {
        return () => {
          throw new Error(`This test did not expect a call of "${name}".`);
        };
      }
      return value;
    },
  });
}
