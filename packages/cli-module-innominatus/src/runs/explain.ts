import type {
  Approval,
  InnominatusClient,
  Run,
  RunLogLine,
  WaitingReason,
} from '@innominatus/backstage-plugin-innominatus-common';
import { whoMayDecide } from '../approvals/approvalText';
import { count, safeLine } from '../output/text';
import { elapsed } from '../output/time';
import { openNestedRuns } from './nestedRuns';

/** Why a run is where it is, in sentences. */
export interface RunExplanation {
  run: { id: string; number: number; status: string };
  /** One sentence each, the most important first. */
  reasons: string[];
  /** Last log lines of the failed step. */
  log: RunLogLine[];
  /** Commands a person would try next. */
  next: string[];
}

const LAST_LINES = 10;
const PAGE = 1000;

/** Collects what explains the state of a run. */
export async function explainRun(
  client: InnominatusClient,
  run: Run,
): Promise<RunExplanation> {
  const failed =
    run.failure?.step ?? run.steps.find(step => step.status === 'failed')?.name;
  const nested = await openNestedRuns(client, run);
  return {
    run: { id: run.id, number: run.number, status: run.status },
    reasons: [
      ...reasonsFor(run, failed),
      ...nested.flatMap(child => [
        `In run ${child.number} (${safeLine(child.workflow)}), which it started:`,
        ...reasonsFor(child, child.failure?.step).map(reason => `  ${reason}`),
      ]),
    ],
    log: failed ? await lastLines(client, run.id, failed) : [],
    next: [run, ...nested].reduce<string[]>(
      (next, one) => {
        const approvals = toApprove(one);
        return approvals.length > 0 ? approvals : next;
      },
      nextSteps(run, failed),
    ),
  };
}

function reasonsFor(run: Run, failed: string | undefined): string[] {
  const reasons: string[] = [];
  if (run.waiting) {
    reasons.push(
      `It waits: ${safeLine(run.waiting.message)}`,
      ...aboutOutside(run.waiting),
    );
  }
  if (run.failure) {
    const { error } = run.failure;
    reasons.push(
      `${failed ? `The step "${failed}" failed` : 'It failed'}: ${safeLine(error.message)} (${error.code}).`,
    );
    if (error.transient) {
      reasons.push('The same may succeed when it is tried again.');
    }
  }
  for (const step of run.steps) {
    if (step.status === 'running') {
      reasons.push(
        `The step "${step.name}" has been running for ${elapsed(step.startedAt, undefined)}.`,
      );
    } else if (step.status === 'waiting' && step.waiting) {
      reasons.push(
        `The step "${step.name}" waits: ${safeLine(step.waiting.message)}`,
        ...aboutOutside(step.waiting),
        ...(step.approval ? aboutApproval(step.approval) : []),
      );
    }
  }
  const skipped = run.steps.filter(step => step.status === 'skipped');
  for (const step of skipped) {
    reasons.push(
      `The step "${step.name}" was skipped${step.skipReason ? `: ${safeLine(step.skipReason)}` : '.'}`,
    );
  }
  if (run.status === 'succeeded') {
    reasons.unshift(`It succeeded with ${count(run.stepsDone, 'step')}.`);
  } else if (run.status === 'cancelled') {
    reasons.unshift('Somebody cancelled it.');
  } else if (run.status === 'queued' && !run.waiting) {
    reasons.unshift('It has not started yet; it waits for a free worker.');
  }
  return reasons;
}

/** Where to look at what is done outside, and how long it is waited for. */
function aboutOutside(waiting: WaitingReason): string[] {
  const { kind, link, until } = waiting;
  return kind === 'outside'
    ? [
        ...(link ? [`  See ${safeLine(link.url)}`] : []),
        ...(until === undefined
          ? []
          : [
              `  Without an answer it fails at ${new Date(until).toISOString()}.`,
            ]),
      ]
    : [];
}

/** Who decides, until when, what was answered, and whether it is the caller. */
function aboutApproval(approval: Approval): string[] {
  if (approval.state !== 'pending') {
    return [];
  }
  const { quorum, missing, decisions, allowedActions } = approval;
  const { reason } = allowedActions.approve;
  return [
    ...(approval.message ? [`  It asks: ${safeLine(approval.message)}`] : []),
    `  ${missing} of ${quorum} ${quorum === 1 ? 'approval is' : 'approvals are'} missing. To decide: ${safeLine(whoMayDecide(approval))}.`,
    ...decisions.map(
      ({ by, decision, reason: why }) =>
        `  ${safeLine(by)} ${decision === 'approve' ? 'approved' : 'rejected'}${why ? `: ${safeLine(why)}` : '.'}`,
    ),
    ...(approval.expiresAt
      ? [`  Without that it fails at ${approval.expiresAt}.`]
      : []),
    allowedActions.approve.allowed
      ? '  You may decide.'
      : `  You cannot approve: ${safeLine(reason ?? 'not allowed')}`,
  ];
}

function nextSteps(run: Run, failed: string | undefined): string[] {
  if (failed) {
    return [`innominatus logs ${run.number} --step ${failed}`];
  }
  return run.endedAt
    ? [`innominatus runs get ${run.number}`]
    : [`innominatus runs watch ${run.number}`];
}

/** The approvals that the caller may give. */
function toApprove(run: Run): string[] {
  return run.steps
    .filter(
      ({ approval }) =>
        approval?.state === 'pending' &&
        approval.allowedActions.approve.allowed,
    )
    .map(
      ({ name, approval }) =>
        `innominatus approve ${run.number} --step ${name}${approval?.reasonRequired ? ' --reason "…"' : ''}`,
    );
}

async function lastLines(
  client: InnominatusClient,
  run: string,
  step: string,
): Promise<RunLogLine[]> {
  let lines: RunLogLine[] = [];
  let after: number | undefined;
  do {
    const page = await client.getRunLogs(run, { step, after, limit: PAGE });
    lines = [...lines, ...page.items].slice(-LAST_LINES);
    after = page.items.length ? page.nextAfter : undefined;
  } while (after !== undefined);
  return lines;
}
