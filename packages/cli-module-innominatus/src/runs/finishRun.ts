import type { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { ExitCode } from '../framework/exitCodes';
import { exitCodeOfRun, runFailure, runResult } from './runText';

/** Prints how a run ended: data on stdout, reasons and the next step on stderr. */
export async function finishRun(
  context: CommandContext,
  run: Run,
  document: unknown,
): Promise<ExitCode> {
  await context.out.object(document, {
    text: styles => runResult(run, styles),
    name: () => String(run.number),
  });
  const failure = runFailure(run);
  if (failure) {
    context.talk.error(failure);
  }
  if (run.status === 'failed') {
    context.talk.next(`See what happened: innominatus why ${run.number}`);
  }
  return exitCodeOfRun(run);
}
