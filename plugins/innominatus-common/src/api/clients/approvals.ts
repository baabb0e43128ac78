import { ApprovalState } from '../../workflow/approval';
import { CallOptions } from '../request';
import { Approval, ApprovalDecisionRequest, Page } from '../types';
import { ListOptions } from './ApiCalls';
import { FollowUpCalls } from './followUps';

/**
 * Approvals and decisions on them.
 *
 * @public
 */
export abstract class ApprovalCalls extends FollowUpCalls {
  async listApprovals(
    options: ListOptions & {
      state?: ApprovalState[];
      /** Ids or numbers of runs. */
      run?: string[];
      environment?: string[];
      application?: string[];
      /** Only what the caller may decide. */
      approver?: ['me'];
    } = {},
  ): Promise<Page<Approval>> {
    const { limit, cursor, sort, count, signal, ...filter } = options;
    return this.list(
      ['approvals'],
      { limit, cursor, sort, count, signal },
      filter,
    );
  }

  async getApproval(id: string, call?: CallOptions): Promise<Approval> {
    return this.get(['approvals', id], {}, call);
  }

  /**
   * Approves or rejects as the caller.
   *
   * @param idempotencyKey - The same key and request count once.
   */
  async decideApproval(
    id: string,
    request: ApprovalDecisionRequest,
    call?: CallOptions & { idempotencyKey?: string },
  ): Promise<Approval> {
    return this.post(['approvals', id, 'decisions'], request, call);
  }
}
