import { CallOptions } from '../request';
import { GoldenPath, GoldenPathRunRequest, Page, RunSummary } from '../types';
import { ListOptions } from './ApiCalls';
import { ApprovalCalls } from './approvals';

/**
 * Golden paths.
 *
 * @public
 */
export abstract class GoldenPathCalls extends ApprovalCalls {
  async listGoldenPaths(
    options: ListOptions & { category?: string[] } = {},
  ): Promise<Page<GoldenPath>> {
    const { category, ...list } = options;
    return this.list(['golden-paths'], list, { category });
  }

  async getGoldenPath(name: string, call?: CallOptions): Promise<GoldenPath> {
    return this.get(['golden-paths', name], {}, call);
  }

  async runGoldenPath(
    name: string,
    request: GoldenPathRunRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<RunSummary> {
    return this.post(['golden-paths', name, 'runs'], request, call);
  }
}
