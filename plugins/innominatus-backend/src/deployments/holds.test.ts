import { ProblemError } from '../http';
import { ApprovalRecord } from '../approvals/types';
import { holdingProblem, nextHold } from './holds';

const MINUTE_MS = 60_000;
const problem = new ProblemError({
  status: 409,
  code: 'QUOTA_EXCEEDED',
  message: 'It is full.',
});
const approval = (expiresAt?: number) =>
  ({ request: { expiresAt } }) as ApprovalRecord;

describe('holds of approved deployments', () => {
  it('are tried again later and later, for a day at most', () => {
    let now = 0;
    let hold = nextHold(undefined, { problem, approval: approval(), now });
    const waits = [hold.retryAt - now];
    for (let i = 0; i < 5; i += 1) {
      now = hold.retryAt;
      hold = nextHold(hold, { problem, approval: approval(), now });
      waits.push(hold.retryAt - now);
    }
    expect(waits.map(wait => wait / MINUTE_MS)).toEqual([0.5, 1, 2, 4, 5, 5]);
    expect(hold).toMatchObject({ tries: 6, until: 24 * 60 * MINUTE_MS });
  });

  it('end with the approval, and are tried once more then', () => {
    const hold = nextHold(undefined, {
      problem,
      approval: approval(10_000),
      now: 0,
    });
    expect(hold).toMatchObject({ retryAt: 10_000, until: 10_000 });
  });

  it('are only for what goes away by itself', () => {
    expect(holdingProblem(problem)).toBe(problem);
    expect(holdingProblem(new Error('It is full.'))).toBeUndefined();
    expect(
      holdingProblem(
        new ProblemError({ status: 409, code: 'PLAN_CHANGED', message: '' }),
      ),
    ).toBeUndefined();
  });
});
