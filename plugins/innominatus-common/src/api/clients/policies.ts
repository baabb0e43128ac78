import {
  PolicyDefinition,
  PolicyTestCase,
  PolicyTestResult,
} from '../../policies';
import { CallOptions } from '../request';
import { Page } from '../types';
import { ListOptions } from './ApiCalls';
import { EnvironmentCalls } from './environments';

/**
 * Policies.
 *
 * @public
 */
export abstract class PolicyCalls extends EnvironmentCalls {
  async listPolicies(
    options: ListOptions = {},
  ): Promise<Page<PolicyDefinition>> {
    return this.list(['policies'], options, {});
  }

  async getPolicy(name: string, call?: CallOptions): Promise<PolicyDefinition> {
    return this.get(['policies', name], {}, call);
  }

  /** Holds cases against policies; those in use, unless others are given. */
  async testPolicies(
    request: { policies?: string; cases: PolicyTestCase[] },
    call?: CallOptions,
  ): Promise<{ items: PolicyTestResult[]; passed: boolean }> {
    return this.post(['policies', 'test'], request, call);
  }
}
