import type {
  Run,
  RunSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { formatApplication } from '../applications/reference';
import { ExitCode } from '../framework/exitCodes';
import { Styles, paintState } from '../output/styles';
import { Column } from '../output/table';
import { safeLine } from '../output/text';
import { elapsed, humanAge } from '../output/time';
import { outputsText } from './outputsText';
import { stepNote } from './RunProgress';

/** Columns of a list of runs. */
export const runColumns: readonly Column<RunSummary>[] = [
  { title: 'Run', value: run => run.number },
  { title: 'Status', value: run => run.status, state: true },
  {
    title: 'Application',
    value: run => run.application && formatApplication(run.application),
  },
  { title: 'Golden path', value: run => run.goldenPath ?? run.workflow },
  { title: 'Steps', value: run => `${run.stepsDone}/${run.stepsTotal}` },
  { title: 'Took', value: run => elapsed(run.startedAt, run.endedAt) },
  { title: 'Started', value: run => humanAge(run.startedAt ?? run.createdAt) },
  { title: 'By', value: run => run.initiator },
  { title: 'Id', value: run => run.id, wide: true },
  { title: 'Created at', value: run => run.createdAt, wide: true },
  { title: 'Failure', value: run => run.failure?.error.message, wide: true },
];

/** `Run 42 (orders in development)`. */
function runTitle(run: RunSummary): string {
  const what = run.application
    ? formatApplication(run.application)
    : safeLine(run.title ?? run.goldenPath ?? run.workflow);
  return `Run ${run.number} (${what})`;
}

/** One sentence on how a run ended or where it stands. */
export function runResult(run: RunSummary, styles: Styles): string {
  const took = run.endedAt
    ? ` after ${elapsed(run.startedAt, run.endedAt) || '0s'}`
    : '';
  return `${runTitle(run)} ${paintState(run.status, styles)}${took}`;
}

/** Why a run failed; nothing when it did not. */
export function runFailure(run: RunSummary): string | undefined {
  if (!run.failure) {
    return undefined;
  }
  const { step, error } = run.failure;
  return `${step ? `Step "${safeLine(step)}" failed` : 'The run failed'}: ${safeLine(error.message)} (${error.code})`;
}

/** A run with its steps. */
export function runText(run: Run, styles: Styles, wide: boolean): string {
  const names = run.steps.map(
    ({ name, parent }) =>
      `${parent === undefined ? '' : '  '}${safeLine(name)}`,
  );
  const width = Math.max(0, ...names.map(name => name.length));
  const failure = runFailure(run);
  return [
    styles.bold(runTitle(run)),
    `  status   ${paintState(run.status, styles)}${run.waiting ? `: ${safeLine(run.waiting.message)}` : ''}`,
    `  path     ${safeLine(run.goldenPath ?? run.workflow)}`,
    `  by       ${safeLine(run.initiator)}`,
    `  started  ${run.startedAt ?? '-'}${run.startedAt ? ` (${humanAge(run.startedAt)})` : ''}`,
    ...(run.endedAt
      ? [`  took     ${elapsed(run.startedAt, run.endedAt)}`]
      : []),
    ...(wide ? [`  id       ${run.id}`] : []),
    ...(failure ? [`  ${styles.red(failure)}`] : []),
    'Steps',
    ...run.steps.map(
      (step, i) =>
        `  ${names[i].padEnd(width)}  ${paintState(step.status, styles)}${stepNote(step)}`,
    ),
    ...outputsText(run.outputs),
  ].join('\n');
}

/** What the process ends with after a run. */
export function exitCodeOfRun(run: { status: string }): ExitCode {
  return run.status === 'succeeded' ? ExitCode.ok : ExitCode.failed;
}
