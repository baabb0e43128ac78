import { CallOptions, StartOptions } from '../request';
import {
  Environment,
  EnvironmentInput,
  EphemeralEnvironmentRequest,
  Page,
} from '../types';
import { ListOptions } from './ApiCalls';
import { ScheduleCalls } from './schedules';

/**
 * Environments.
 *
 * @public
 */
export abstract class EnvironmentCalls extends ScheduleCalls {
  async listEnvironments(
    options: ListOptions & { type?: string[]; copyOf?: string[] } = {},
  ): Promise<Page<Environment>> {
    const { type, copyOf, ...list } = options;
    return this.list(['environments'], list, { type, copyOf });
  }

  async getEnvironment(name: string, call?: CallOptions): Promise<Environment> {
    return this.get(['environments', name], {}, call);
  }

  /** With the version that a change of it has to name. */
  async getEnvironmentVersion(
    name: string,
    call?: CallOptions,
  ): Promise<{ environment: Environment; version: string | undefined }> {
    const { body, etag } = await this.change<Environment>(
      'GET',
      ['environments', name],
      undefined,
      call,
    );
    return { environment: body, version: etag };
  }

  async createEnvironment(
    environment: EnvironmentInput & { name: string },
    call?: StartOptions,
  ): Promise<Environment> {
    return this.post(['environments'], environment, call);
  }

  /** The short-lived environment of a branch or pull request; made if need be. */
  async createEphemeralEnvironment(
    request: EphemeralEnvironmentRequest,
    call?: StartOptions,
  ): Promise<Environment> {
    return this.post(['environments'], { ephemeral: request }, call);
  }

  /** Replaces what is written about an environment that the API made. */
  async updateEnvironment(
    name: string,
    environment: EnvironmentInput,
    call: CallOptions & { version: string },
  ): Promise<Environment> {
    const { body } = await this.change<Environment>(
      'PUT',
      ['environments', name],
      environment,
      call,
    );
    return body;
  }

  /** Removes an environment with everything in it; that takes a while. */
  async deleteEnvironment(
    name: string,
    call: CallOptions & {
      version: string;
      /** Why, for the audit log. */
      reason?: string;
    },
  ): Promise<Environment> {
    const { reason } = call;
    const { body } = await this.change<Environment>(
      'DELETE',
      ['environments', name],
      reason === undefined ? undefined : { reason },
      call,
    );
    return body;
  }

  /** Lets a short-lived environment live longer. */
  async extendEnvironment(
    name: string,
    request: { by: string } | { until: string },
    call?: CallOptions,
  ): Promise<Environment> {
    return this.post(['environments', name, 'extend'], request, call);
  }
}
