import {
  RunEvent,
  RunState,
  StepState,
} from '@innominatus/backstage-plugin-innominatus-common';
import { toOptionalJson } from '../database';

const ENDED_STEP: ReadonlySet<string> = new Set([
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
]);

/** Columns of `workflow_runs` that follow from the state. */
export function toRunColumns(state: RunState) {
  const steps = Object.values(state.steps);
  return {
    status: state.status,
    waiting: toOptionalJson(state.waiting),
    outputs: JSON.stringify(state.outputs),
    failure: toOptionalJson(state.failure),
    steps_done: steps.filter(step => ENDED_STEP.has(step.status)).length,
    ended_at: state.endedAt ?? null,
  };
}

/** Empty while the definition is the one that the run was started with. */
export function changedDefinition(options: {
  events: RunEvent[];
  state: RunState;
}): { definition: string | null; steps_total: number | null } {
  const { definition } = options.state;
  return options.events.some(event => event.type === 'StepExpanded')
    ? {
        definition: JSON.stringify(definition),
        steps_total: definition.steps.length,
      }
    : { definition: null, steps_total: null };
}

export interface RunStepRow {
  run_id: string;
  name: string;
  status: string;
  attempt: number;
  started_at: number | string | null;
  ended_at: number | string | null;
  outputs: string;
  error: string | null;
  skip_reason: string | null;
  waiting: string | null;
}

/** Rows of the steps that differ between the two states. */
export function changedStepRows(options: {
  runId: string;
  before?: RunState;
  state: RunState;
}): RunStepRow[] {
  const { runId, before, state } = options;
  return Object.values(state.steps)
    .filter(step => step !== before?.steps[step.name])
    .map(step => toStepRow(runId, step));
}

function toStepRow(runId: string, step: StepState): RunStepRow {
  return {
    run_id: runId,
    name: step.name,
    status: step.status,
    attempt: step.attempt,
    started_at: step.startedAt ?? null,
    ended_at: step.endedAt ?? null,
    outputs: JSON.stringify(step.outputs),
    error: toOptionalJson(step.error),
    skip_reason: step.skipReason ?? null,
    waiting: toOptionalJson(step.waiting),
  };
}

export interface StepAttemptRow {
  run_id: string;
  step: string;
  attempt: number;
  status: string;
  started_at: number | string;
  ended_at: number | string | null;
  error: string | null;
}

/** Rows of the attempts that the events began or ended. */
export function changedAttemptRows(options: {
  runId: string;
  events: RunEvent[];
  state: RunState;
}): StepAttemptRow[] {
  const rows = new Map<string, StepAttemptRow>();
  for (const event of options.events) {
    if (
      event.type !== 'StepStarted' &&
      event.type !== 'StepSucceeded' &&
      event.type !== 'StepFailed'
    ) {
      continue;
    }
    const key = `${event.attempt}/${event.step}`;
    const started = rows.get(key)?.started_at ?? event.at;
    const step = options.state.steps[event.step];
    rows.set(key, {
      run_id: options.runId,
      step: event.step,
      attempt: event.attempt,
      status: attemptStatus(event.type, step),
      started_at: started,
      ended_at: event.type === 'StepStarted' ? null : event.at,
      error: event.type === 'StepFailed' ? JSON.stringify(event.error) : null,
    });
  }
  return [...rows.values()];
}

function attemptStatus(
  type: 'StepStarted' | 'StepSucceeded' | 'StepFailed',
  step: StepState | undefined,
): string {
  switch (type) {
    case 'StepStarted':
      return 'running';
    case 'StepSucceeded':
      return 'succeeded';
    default:
      return step?.status === 'cancelled' ? 'cancelled' : 'failed';
  }
}
