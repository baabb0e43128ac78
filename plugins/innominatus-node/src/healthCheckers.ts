import {
  LoggerService,
  createExtensionPoint,
} from '@backstage/backend-plugin-api';
import {
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';

/**
 * What a health check may use.
 *
 * @public
 */
export interface HealthCheckContext<TConfig = JsonObject> {
  /** Validated, with its templates filled. Never holds secrets. */
  config: TConfig;
  resource: {
    id: string;
    uid: string;
    name: string;
    type: string;
    class: string;
    workload: string;
    /** Of the resource; secrets are left out. */
    outputs: JsonObject;
  };
  environment: { name: string; type: string; [key: string]: JsonValue };
  /** Aborts when the time is over or the backend stops. */
  signal: AbortSignal;
  logger: LoggerService;
}

/**
 * What a health check found out.
 *
 * @public
 */
export interface HealthCheckResult {
  status: 'healthy' | 'unhealthy';
  /**
   * One sentence for people. Say the same as long as it is the same: the history
   * has one entry for each time in which it did not change.
   */
  message: string;
}

/**
 * A way to find out whether a resource is well.
 *
 * @public
 */
export interface HealthChecker<TSchema extends z.ZodType = z.ZodType> {
  /** The word in `healthCheck.type` of a provider. */
  name: string;
  description: string;
  schema: TSchema;
  /**
   * Throws when it cannot be told how the resource is, for example because the
   * check itself is not allowed or not configured. That is no failure of the
   * resource.
   */
  check(
    context: HealthCheckContext<z.output<TSchema>>,
  ): Promise<HealthCheckResult>;
}

/**
 * Keeps the type of the schema while a checker is declared.
 *
 * @public
 */
export function createHealthChecker<TSchema extends z.ZodType>(
  checker: HealthChecker<TSchema>,
): HealthChecker<TSchema> {
  return checker;
}

/**
 * Where modules bring in health checkers.
 *
 * @public
 */
export interface InnominatusHealthCheckersExtensionPoint {
  addHealthChecker(...checkers: HealthChecker<any>[]): void;
}

/** @public */
export const innominatusHealthCheckersExtensionPoint =
  createExtensionPoint<InnominatusHealthCheckersExtensionPoint>({
    id: 'innominatus.healthCheckers',
  });
