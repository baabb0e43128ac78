import {
  AllowedAction,
  JsonValue,
  Run,
  RunInput,
  RunLogLine,
  RunPurpose,
  RunReference,
  RunState,
  RunStep,
  RunSummary,
  settleSteps,
  startScope,
  StepState,
  stepTitle,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  fromJson,
  fromOptionalJson,
  toOptionalTimestamp,
  toTimestamp,
} from '../database';
import { NumberedLine } from '../engine/logChunks';
import { explainHeld, HeldRuns } from './heldRuns';
import { QueueFacts, waitingInQueue } from './queue';

/** Columns of a run that a list shows. */
export const SUMMARY_COLUMNS = [
  'number',
  'id',
  'workflow',
  'golden_path',
  'title',
  'status',
  'waiting',
  'application_environment',
  'application_environment_type',
  'application_name',
  'application_entity_ref',
  'application_owner',
  'deployment_id',
  'deployment_number',
  'initiator',
  'purpose',
  'parent_run_id',
  'parent_step',
  'retry_of',
  'retry_of_number',
  'retried_by',
  'retried_by_number',
  'undo_of',
  'undo_of_number',
  'undone_by',
  'undone_by_number',
  'admitted_at',
  'priority',
  'failure',
  'steps_total',
  'steps_done',
  'version',
  'lease_owner',
  'runtime',
  'created_at',
  'started_at',
  'ended_at',
] as const;

export interface RunSummaryRow {
  number: number;
  id: string;
  workflow: string;
  golden_path: string | null;
  title: string | null;
  status: RunSummary['status'];
  waiting: string | null;
  application_environment: string | null;
  application_environment_type: string | null;
  application_name: string | null;
  application_entity_ref: string | null;
  application_owner: string | null;
  deployment_id: string | null;
  deployment_number: number | null;
  initiator: string;
  purpose: RunPurpose | null;
  parent_run_id: string | null;
  parent_step: string | null;
  retry_of: string | null;
  retry_of_number: number | null;
  retried_by: string | null;
  retried_by_number: number | null;
  undo_of: string | null;
  undo_of_number: number | null;
  undone_by: string | null;
  undone_by_number: number | null;
  /** Empty while it waits for a lock or a limit. */
  admitted_at: number | string | null;
  priority: number;
  failure: string | null;
  steps_total: number;
  steps_done: number;
  version: number;
  lease_owner: string | null;
  runtime: string;
  created_at: number | string;
  started_at: number | string | null;
  ended_at: number | string | null;
}

export interface RunRow extends RunSummaryRow {
  definition: string;
  input: string;
  outputs: string;
  seq: number;
}

/** What is not in the row of a run. */
export interface RunSurroundings {
  queue: QueueFacts;
  /** Runs that it, or one of its steps, waits for. */
  held: HeldRuns;
  /** Why the runtime of the run cannot work on it now. */
  unavailable?: string;
}

export function toRunSummary(
  row: RunSummaryRow,
  around: RunSurroundings,
): RunSummary {
  const ended = row.ended_at !== null;
  return {
    id: row.id,
    number: row.number,
    workflow: row.workflow,
    goldenPath: row.golden_path ?? undefined,
    title: row.title ?? undefined,
    status: row.status,
    waiting:
      explainHeld(fromOptionalJson(row.waiting), around.held) ??
      waitingOf(row, around),
    application:
      row.application_environment !== null && row.application_name !== null
        ? {
            environment: row.application_environment,
            name: row.application_name,
            entityRef: row.application_entity_ref ?? undefined,
          }
        : undefined,
    deployment:
      row.deployment_id !== null && row.deployment_number !== null
        ? { id: row.deployment_id, number: row.deployment_number }
        : undefined,
    initiator: row.initiator,
    purpose: row.purpose ?? undefined,
    priority: row.priority,
    createdAt: toTimestamp(Number(row.created_at)),
    startedAt: toOptionalTimestamp(row.started_at),
    endedAt: toOptionalTimestamp(row.ended_at),
    stepsTotal: row.steps_total,
    stepsDone: row.steps_done,
    failure: fromOptionalJson(row.failure),
    parentRun:
      row.parent_run_id !== null && row.parent_step !== null
        ? { id: row.parent_run_id, step: row.parent_step }
        : undefined,
    retryOf: toReference(row.retry_of, row.retry_of_number),
    retriedBy: toReference(row.retried_by, row.retried_by_number),
    undoOf: toReference(row.undo_of, row.undo_of_number),
    undoneBy: toReference(row.undone_by, row.undone_by_number),
    version: row.version,
    allowedActions: actionsOf(row, ended),
  };
}

/** What the state of the run allows; who may do it is decided elsewhere. */
function actionsOf(
  row: RunSummaryRow,
  ended: boolean,
): RunSummary['allowedActions'] {
  if (ended) {
    const no = { allowed: false, reason: `Run ${row.number} has ended.` };
    return { ...afterEnd(row), cancel: no, pause: no, resume: no };
  }
  const yes = { allowed: true };
  const notYet = {
    allowed: false,
    reason: `Run ${row.number} has not ended yet.`,
  };
  const waiting = fromOptionalJson<RunSummary['waiting']>(row.waiting);
  return waiting?.kind === 'paused'
    ? {
        cancel: yes,
        pause: { allowed: false, reason: `Run ${row.number} is paused.` },
        resume: yes,
        retry: notYet,
        undo: notYet,
      }
    : {
        cancel: yes,
        pause: yes,
        resume: {
          allowed: false,
          reason: `Run ${row.number} is not paused.`,
        },
        retry: notYet,
        undo: notYet,
      };
}

function afterEnd(
  row: RunSummaryRow,
): Pick<RunSummary['allowedActions'], 'retry' | 'undo'> {
  const nested =
    row.parent_run_id === null
      ? undefined
      : `Run ${row.number} belongs to a step of another run; retry or undo that one.`;
  const undone =
    row.undone_by_number === null
      ? undefined
      : `Run ${row.number} was undone by run ${row.undone_by_number}.`;
  const retried =
    row.retried_by_number === null
      ? undefined
      : `Run ${row.number} was retried by run ${row.retried_by_number}.`;
  const succeeded =
    row.status === 'succeeded'
      ? `Run ${row.number} succeeded. To run a part of it again, name the step to start from.`
      : undefined;
  const isUndo =
    row.undo_of === null
      ? undefined
      : `Run ${row.number} is an undo itself. Retry it, or start anew.`;
  return {
    retry: toAllowed(nested ?? undone ?? retried ?? succeeded),
    undo: toAllowed(nested ?? isUndo ?? undone),
  };
}

function toAllowed(reason: string | undefined): AllowedAction {
  return reason === undefined ? { allowed: true } : { allowed: false, reason };
}

function toReference(
  id: string | null,
  number: number | null,
): RunReference | undefined {
  return id !== null && number !== null ? { id, number } : undefined;
}

/** What the run does not know itself. */
function waitingOf(
  row: RunSummaryRow,
  { queue, unavailable }: RunSurroundings,
): RunSummary['waiting'] {
  return unavailable !== undefined && row.ended_at === null
    ? { kind: 'worker', message: unavailable }
    : waitingInQueue(row, queue);
}

export interface ToRunOptions {
  row: RunRow;
  /** Absent for a run that did not begin. */
  state: RunState | undefined;
  children: Array<{ id: string; parent_step: string | null }>;
  around: RunSurroundings;
}

export function toRun(options: ToRunOptions): Run {
  const { row, state, children } = options;
  const input = fromJson<Omit<RunInput, 'run'>>(row.input);
  const definition =
    state?.definition ??
    definitionAtStart(fromJson<WorkflowDefinition>(row.definition), {
      ...input,
      run: { id: row.id, number: row.number },
    });
  return {
    ...toRunSummary(row, options.around),
    parameters: input.parameters,
    outputs: fromJson<Record<string, JsonValue>>(row.outputs),
    steps: definition.steps.map(step => ({
      name: step.name,
      title: step.forEach ? stepTitle(step) : step.title,
      type: step.type,
      stage: step.stage,
      dependsOn: step.dependsOn,
      config: step.config,
      parent: step.item?.parent,
      ...toStepState(state?.steps[step.name], options.around.held),
      ...(state?.steps[step.name]?.carried ? { carried: true } : {}),
      childRuns: children
        .filter(child => child.parent_step === step.name)
        .map(child => child.id),
    })),
  };
}

/** As it will be when the run begins, for one that waits in the queue. */
function definitionAtStart(
  definition: WorkflowDefinition,
  input: RunInput,
): WorkflowDefinition {
  return settleSteps(definition, startScope(definition, input));
}

function toStepState(
  step: StepState | undefined,
  held: HeldRuns,
): Pick<RunStep, 'status' | 'attempt' | 'outputs'> & Partial<RunStep> {
  if (!step) {
    return { status: 'pending', attempt: 0, outputs: {} };
  }
  const { status, attempt, outputs, error, skipReason, waiting } = step;
  return {
    status,
    attempt,
    startedAt: toOptionalTimestamp(step.startedAt ?? null),
    endedAt: toOptionalTimestamp(step.endedAt ?? null),
    outputs,
    error,
    skipReason,
    waiting: explainHeld(waiting, held),
  };
}

export function toLogLine(line: NumberedLine): RunLogLine {
  const { at, ...rest } = line;
  return { ...rest, time: toTimestamp(at) };
}
