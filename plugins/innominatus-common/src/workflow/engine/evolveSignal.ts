import { decisionProblem } from '../approval/decisionProblem';
import {
  ApprovalDecision,
  ApprovalRequest,
  StepApproval,
} from '../approval/types';
import { RunEvent, RunState, StepState } from '../types';
import { approversSoFar, closeApproval, waitingForApproval } from './approval';
import { changeStep, endStep, withoutStepTimers } from './change';
import { indexOf } from './definitionIndex';
import { wakeStep, wakeStopped } from './outside';

type Signal = Extract<RunEvent, { type: 'Signal' }>;

/** Takes in what a person or program asked for; the same id counts once. */
export function takeSignal(state: RunState, signal: Signal): RunState {
  if (Object.hasOwn(state.signals, signal.id)) {
    return state;
  }
  const next = apply(state, signal);
  return next === state
    ? state
    : { ...next, signals: { ...next.signals, [signal.id]: true } };
}

function apply(state: RunState, signal: Signal): RunState {
  const { by, at, reason } = signal;
  switch (signal.kind) {
    case 'cancel':
      return wakeStopped({
        ...state,
        paused: undefined,
        cancel: state.cancel
          ? { ...state.cancel, count: state.cancel.count + 1 }
          : { by, at, count: 1, reason },
      });
    case 'pause':
      return state.paused || state.cancel || state.timedOut
        ? state
        : { ...state, paused: { by, at } };
    case 'resume':
      return state.paused ? { ...state, paused: undefined } : state;
    case 'wake':
      return wakeStep(state, signal.step ?? '');
    default:
      return decideApproval(state, signal);
  }
}

/**
 * Takes in the answer of a person. The host has asked whether the person may
 * answer at all; what can be told from the run alone is asked here again, so
 * that no way around the host lets somebody approve twice or for themselves.
 */
function decideApproval(state: RunState, signal: Signal): RunState {
  const { by, at, reason, kind } = signal;
  const step = askedStep(state, signal);
  const asked = step?.approval;
  if (step === undefined || asked === undefined) {
    return state;
  }
  const decision: ApprovalDecision = {
    decision: kind === 'approve' ? 'approve' : 'reject',
    by,
    at,
    ...(reason ? { reason } : {}),
  };
  const requester = state.input.initiator;
  if (
    (signal.approval !== undefined && signal.approval !== asked.id) ||
    decisionProblem(asked, { ...decision, requester })
  ) {
    return state;
  }
  const approval = { ...asked, decisions: [...asked.decisions, decision] };
  const next = changeStep(state, step.name, { approval });
  if (decision.decision === 'reject') {
    return endStep(next, {
      name: step.name,
      at,
      status: 'failed',
      approval: 'rejected',
      error: {
        code: 'APPROVAL_REJECTED',
        message: `${by} rejected step "${step.name}"${reason ? `: ${reason}` : ''}.`,
        transient: false,
      },
    });
  }
  const definition = indexOf(state.definition).byName.get(step.name);
  if (approversSoFar(approval).length < approval.policy.quorum) {
    return changeStep(next, step.name, {
      waiting: waitingForApproval(
        definition ?? step,
        approval,
        step.interrupted ? step.waiting?.message : undefined,
      ),
    });
  }
  return letGoOn(next, step, approval);
}

/** The last approval that was missing has come. */
function letGoOn(
  state: RunState,
  step: StepState,
  approval: ApprovalRequest,
): RunState {
  const last = approval.decisions[approval.decisions.length - 1];
  const given = approval.decisions.filter(one => one.decision === 'approve');
  const reasons = given.flatMap(one => (one.reason ? [one.reason] : []));
  const approved: StepApproval = {
    by: approversSoFar(approval),
    at: last.at,
    ...(reasons.length > 0 ? { reason: reasons.join('; ') } : {}),
  };
  return changeStep(withoutStepTimers(state, step.name), step.name, {
    approval: closeApproval(approval, 'approved', last.at),
    ...(step.interrupted
      ? {
          waiting: {
            kind: 'worker',
            message: `${approved.by.join(' and ')} approved to run step "${step.name}" again.`,
          },
          interrupted: 'rerun',
          losses: undefined,
        }
      : { status: 'pending', approved, waiting: undefined }),
  });
}

/** Without a name the answer is for the one step that waits for a person. */
function askedStep(state: RunState, signal: Signal): StepState | undefined {
  if (signal.step !== undefined) {
    const step = Object.hasOwn(state.steps, signal.step)
      ? state.steps[signal.step]
      : undefined;
    return step && waitsForPerson(step) ? step : undefined;
  }
  const waiting = Object.values(state.steps).filter(waitsForPerson);
  return waiting.length === 1 ? waiting[0] : undefined;
}

export function waitsForPerson(step: StepState): boolean {
  return (
    step.status === 'waiting' &&
    (step.waiting?.kind === 'approval' || step.waiting?.kind === 'person')
  );
}
