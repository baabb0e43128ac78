import {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AllowedAction,
  Approval,
  approvalDecidePermission,
  decisionProblem,
  Page,
  Run,
  runReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { principalOf } from '../access/ServiceAccess';
import { AccessControl } from '../access/types';
import { ACCESS_COLUMNS } from './rows';
import {
  ApprovalRecord,
  ApprovalStore,
  ListApprovalsOptions,
  Restriction,
} from './types';

export interface ApprovalViewsOptions {
  store: ApprovalStore;
  access: Pick<AccessControl, 'check' | 'filter'>;
  userInfo: UserInfoService;
}

/** Somebody who can decide: a person, with the groups the person is in. */
export interface Person {
  user: string;
  refs: string[];
}

const NO_PERSON =
  'Only people approve: a service may do it on behalf of a user, never by itself.';

/** What callers get to see of approvals: what they may read and answer. */
export class ApprovalViews {
  readonly #options: ApprovalViewsOptions;

  static create(options: ApprovalViewsOptions): ApprovalViews {
    return new ApprovalViews(options);
  }

  private constructor(options: ApprovalViewsOptions) {
    this.#options = options;
  }

  /** Answers `undefined` for services that act for themselves. */
  async personOf(
    credentials: BackstageCredentials,
  ): Promise<Person | undefined> {
    const { type, userEntityRef } = principalOf(credentials);
    if (type !== 'user' || userEntityRef === undefined) {
      return undefined;
    }
    const { ownershipEntityRefs } =
      await this.#options.userInfo.getUserInfo(credentials);
    return {
      user: userEntityRef,
      refs: [...new Set([userEntityRef, ...ownershipEntityRefs])],
    };
  }

  async list(
    credentials: BackstageCredentials,
    options: Omit<ListApprovalsOptions, 'decidableBy'> & { onlyMine: boolean },
  ): Promise<Page<Approval>> {
    const { store, access } = this.#options;
    const { onlyMine, ...rest } = options;
    const columns = ACCESS_COLUMNS;
    const restrict: Restriction[] = [
      await access.filter(credentials, {
        permission: runReadPermission,
        columns,
      }),
    ];
    if (!onlyMine) {
      return this.#toSeen(credentials, await store.list(rest, restrict));
    }
    const person = await this.personOf(credentials);
    const decidable = await this.#whereMayDecide(credentials);
    if (!person || !decidable) {
      return { items: [], ...(rest.count ? { total: 0 } : {}) };
    }
    const page = await store.list({ ...rest, decidableBy: person }, [
      ...restrict,
      decidable,
    ]);
    return this.#toSeen(credentials, page);
  }

  /** Adds what the caller may answer, with one question for all of them. */
  async see(
    credentials: BackstageCredentials,
    records: ApprovalRecord[],
  ): Promise<Approval[]> {
    const open = records.filter(({ request }) => request.state === 'pending');
    const [person, answers] =
      open.length === 0
        ? [undefined, []]
        : await Promise.all([
            this.personOf(credentials),
            this.#options.access.check(
              credentials,
              open.map(({ subject }) => ({
                permission: approvalDecidePermission,
                subject,
              })),
            ),
          ]);
    return records.map(record => {
      const permitted = answers[open.indexOf(record)] ?? { allowed: true };
      const may = (decision: 'approve' | 'reject') =>
        permitted.allowed
          ? mayDecide(record, { decision, person })
          : { allowed: false, reason: permitted.reason };
      return {
        ...record.approval,
        allowedActions: { approve: may('approve'), reject: may('reject') },
      };
    });
  }

  /** Puts the last question of each step beside the step. */
  async addToRun(credentials: BackstageCredentials, run: Run): Promise<Run> {
    const records = await this.#options.store.ofRun(run.id);
    if (records.length === 0) {
      return run;
    }
    const approvals = new Map(
      (await this.see(credentials, records)).map(item => [
        item.step?.name,
        item,
      ]),
    );
    return {
      ...run,
      steps: run.steps.map(step => ({
        ...step,
        approval: approvals.get(step.name),
      })),
    };
  }

  async #toSeen(
    credentials: BackstageCredentials,
    page: Page<ApprovalRecord>,
  ): Promise<Page<Approval>> {
    return { ...page, items: await this.see(credentials, page.items) };
  }

  /** Answers `undefined` when the caller may decide nothing at all. */
  async #whereMayDecide(
    credentials: BackstageCredentials,
  ): Promise<Restriction | undefined> {
    try {
      return await this.#options.access.filter(credentials, {
        permission: approvalDecidePermission,
        columns: ACCESS_COLUMNS,
      });
    } catch (error) {
      if ((error as Error).name === NotAllowedError.name) {
        return undefined;
      }
      throw error;
    }
  }
}

/** Whether the person is among the approvers, and has not answered yet. */
function mayDecide(
  record: ApprovalRecord,
  options: { decision: 'approve' | 'reject'; person: Person | undefined },
): AllowedAction {
  const { person, decision } = options;
  if (!person) {
    return { allowed: false, reason: NO_PERSON };
  }
  const problem = decisionProblem(record.request, {
    decision,
    by: person.user,
    requester: record.approval.requester,
    at: Date.now(),
    // Whether there is one is asked when the decision comes.
    reason: 'later',
  });
  if (problem) {
    return { allowed: false, reason: problem.message };
  }
  return isApprover(record, person)
    ? { allowed: true }
    : { allowed: false, reason: notAmongApprovers(record) };
}

export function isApprover(record: ApprovalRecord, person: Person): boolean {
  const { approvers } = record.request.policy;
  const refs = new Set(person.refs.map(ref => ref.toLowerCase()));
  return approvers === undefined || approvers.some(one => refs.has(one));
}

export function notAmongApprovers(record: ApprovalRecord): string {
  const approvers = record.request.policy.approvers ?? [];
  return `You are not among the approvers: ${approvers.join(', ')}.`;
}

export { NO_PERSON };
