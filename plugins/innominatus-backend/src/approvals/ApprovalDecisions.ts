import {
  AuditorService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  ApprovalDecisionRequest,
  DecisionProblem,
  approvalDecidePermission,
  decisionProblem,
  runReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import type { Request } from 'express';
import { Knex } from 'knex';
import { AccessControl } from '../access/types';
import { refusalAudited } from '../audit';
import { newId } from '../database';
import { RunChanges, sendSignal } from '../engine';
import { ProblemError } from '../http';
import {
  ApprovalViews,
  isApprover,
  NO_PERSON,
  notAmongApprovers,
} from './ApprovalViews';
import { subjectText } from './subjectText';
import { ApprovalRecord, ApprovalStore, PlanDecision } from './types';

/** How long an answer waits for the worker of the run to record it. */
const RECORD_TIMEOUT_MS = 5_000;
const LOOK_AGAIN_MS = 100;

const STATUS: Record<DecisionProblem['code'], number> = {
  APPROVAL_DECIDED: 409,
  APPROVAL_EXPIRED: 409,
  APPROVAL_TWICE: 409,
  APPROVAL_OWN_RUN: 403,
  APPROVAL_REASON_MISSING: 400,
};

export interface ApprovalDecisionsOptions {
  knex: Knex;
  store: ApprovalStore;
  views: ApprovalViews;
  access: AccessControl;
  changes: RunChanges;
  /** Notes down who decided what, also when it did not count. */
  auditor?: AuditorService;
  /** Takes in decisions about plans. */
  plans: {
    decide(
      record: ApprovalRecord,
      decision: PlanDecision,
    ): Promise<ApprovalRecord | undefined>;
  };
}

/**
 * Takes in what people decide.
 *
 * Everything is asked before the decision goes to the run as a signal. What
 * happens in between, such as the decision of somebody else, is caught by the
 * reducer, which takes in only what still counts; whether it did is read back.
 */
export class ApprovalDecisions {
  readonly #options: ApprovalDecisionsOptions;

  static create(options: ApprovalDecisionsOptions): ApprovalDecisions {
    return new ApprovalDecisions(options);
  }

  private constructor(options: ApprovalDecisionsOptions) {
    this.#options = options;
  }

  /** Throws `NotFoundError` also when the caller may not read the run. */
  async requireRead(
    credentials: BackstageCredentials,
    id: string,
  ): Promise<ApprovalRecord> {
    return this.#require(credentials, id, runReadPermission);
  }

  async requireDecide(
    credentials: BackstageCredentials,
    id: string,
    httpRequest?: Request,
  ): Promise<ApprovalRecord> {
    const { auditor } = this.#options;
    const check = () =>
      this.#require(credentials, id, approvalDecidePermission);
    if (!auditor) {
      return check();
    }
    return refusalAudited(
      auditor,
      {
        eventId: 'approval-decide',
        severityLevel: 'medium',
        request: httpRequest,
        meta: { approvalId: id },
      },
      check,
    );
  }

  /** @param signalId - The same id again is the same decision. */
  async decide(options: {
    credentials: BackstageCredentials;
    record: ApprovalRecord;
    request: ApprovalDecisionRequest;
    signalId?: string;
    /** Tells the auditor who asks, and from where. */
    httpRequest?: Request;
  }): Promise<ApprovalRecord> {
    const { auditor } = this.#options;
    const { approval } = options.record;
    const event = await auditor?.createEvent({
      eventId: 'approval-decide',
      severityLevel: 'medium',
      request: options.httpRequest,
      meta: {
        approvalId: approval.id,
        about: subjectText(approval),
        decision: options.request.decision,
        planHash: options.request.planHash,
      },
    });
    try {
      const decided = await this.#decide(options);
      await event?.success({ meta: { state: decided.approval.state } });
      return decided;
    } catch (error) {
      await event?.fail({ error: error as Error });
      throw error;
    }
  }

  async #decide(options: {
    credentials: BackstageCredentials;
    record: ApprovalRecord;
    request: ApprovalDecisionRequest;
    signalId?: string;
  }): Promise<ApprovalRecord> {
    const { credentials, record, request, signalId = newId() } = options;
    const { knex, changes, views } = this.#options;
    const { id, run, step, requester } = record.approval;
    const at = Date.now();
    const person = await views.personOf(credentials);
    if (!person) {
      throw new ProblemError({
        status: 403,
        code: 'APPROVAL_NEEDS_USER',
        message: NO_PERSON,
      });
    }
    if (!isApprover(record, person)) {
      throw new ProblemError({
        status: 403,
        code: 'APPROVAL_NOT_APPROVER',
        message: notAmongApprovers(record),
      });
    }
    const by = person.user;
    const problem = decisionProblem(record.request, {
      ...request,
      by,
      requester,
      at,
    });
    if (problem) {
      throw refused(record, problem);
    }
    if (!run || !step) {
      return this.#decidePlan(record, { ...request, by, at });
    }
    const sent = await sendSignal(knex, run.id, {
      id: signalId,
      kind: request.decision,
      step: step.name,
      approval: id,
      by,
      reason: request.reason,
    });
    if (!sent) {
      throw refused(record, {
        code: 'APPROVAL_DECIDED',
        message: `Run ${run.number} has ended.`,
      });
    }
    changes.publish({ kind: 'work' });
    return this.#recorded(record, run.id, { by, decision: request.decision });
  }

  /** Nobody records it later: the deployment has no run yet. */
  async #decidePlan(
    record: ApprovalRecord,
    decision: PlanDecision,
  ): Promise<ApprovalRecord> {
    const decided = await this.#options.plans.decide(record, decision);
    if (!decided) {
      throw refused(record, {
        code: 'APPROVAL_DECIDED',
        message: 'Somebody else decided in the same moment. Look again.',
      });
    }
    return decided;
  }

  /** Resolves once the run has taken the decision in, or after a while. */
  async #recorded(
    before: ApprovalRecord,
    runId: string,
    answer: { by: string; decision: 'approve' | 'reject' },
  ): Promise<ApprovalRecord> {
    const { store, changes } = this.#options;
    const { id } = before.approval;
    const watch = changes.watch(runId);
    const signal = AbortSignal.timeout(RECORD_TIMEOUT_MS);
    try {
      for (;;) {
        const now = (await store.get(id)) ?? before;
        const added = now.request.decisions.slice(
          before.request.decisions.length,
        );
        const counted = added.some(
          one => one.by === answer.by && one.decision === answer.decision,
        );
        if (counted || signal.aborted) {
          return now;
        }
        if (now.request.state !== 'pending') {
          throw refused(now, {
            code: 'APPROVAL_DECIDED',
            message: `It was ${now.request.state} in the meantime.`,
          });
        }
        await watch.wait({ timeoutMs: LOOK_AGAIN_MS, signal });
      }
    } finally {
      watch.close();
    }
  }

  async #require(
    credentials: BackstageCredentials,
    id: string,
    permission: typeof runReadPermission,
  ): Promise<ApprovalRecord> {
    const record = await this.#options.store.get(id);
    if (!record) {
      throw new NotFoundError(`There is no approval "${id}"`);
    }
    await this.#options.access.require(credentials, {
      permission,
      readPermission: runReadPermission,
      subject: record.subject,
      name: `approval "${id}"`,
    });
    return record;
  }
}

function refused(
  record: ApprovalRecord,
  problem: Pick<DecisionProblem, 'code' | 'message'>,
): ProblemError {
  return new ProblemError({
    status: STATUS[problem.code],
    code: problem.code,
    message: `The approval of ${subjectText(record.approval)} cannot be decided like this. ${problem.message}`,
  });
}
