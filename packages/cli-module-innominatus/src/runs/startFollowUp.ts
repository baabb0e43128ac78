import { randomUUID } from 'node:crypto';
import type {
  InnominatusClient,
  RetryPreview,
  RunSummary,
  UndoPreview,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { finishRun } from './finishRun';
import { runResult } from './runText';
import { noteWatching, watchRun } from './watchRun';

/** What `runs retry` and `runs undo` have in common. */
export interface StartFollowUpOptions<TPreview> {
  verb: 'retry' | 'undo';
  run: string;
  preview: TPreview;
  text: string;
  start: (
    client: InnominatusClient,
    request: { previewVersion: string; acknowledge: string[] },
    call: { idempotencyKey: string; signal: AbortSignal },
  ) => Promise<RunSummary>;
  flags: {
    'dry-run': boolean;
    watch: boolean;
    timeout?: number;
    'idempotency-key'?: string;
  };
}

/**
 * Shows the preview, asks when systems outside are touched, and starts the run.
 */
export async function startFollowUp<
  TPreview extends Pick<
    RetryPreview | UndoPreview,
    'acknowledge' | 'allowed' | 'reason' | 'version'
  >,
>(
  context: CommandContext,
  options: StartFollowUpOptions<TPreview>,
): Promise<ExitCode | undefined> {
  const { verb, preview, text, flags } = options;
  if (flags['dry-run']) {
    await context.out.object(preview, {
      text: () => [text, preview.reason].filter(Boolean).join('\n'),
      name: () => preview.version,
    });
    return undefined;
  }
  context.talk.say(text);
  if (!preview.allowed) {
    throw new CliError(
      preview.reason ?? `Run ${options.run} cannot be followed by a ${verb}.`,
      {
        exitCode: ExitCode.conflict,
        next: `See the run: innominatus runs get ${options.run}`,
      },
    );
  }
  await requireAgreement(context, options);
  const client = await context.client();
  const run = await options.start(
    client,
    { previewVersion: preview.version, acknowledge: preview.acknowledge },
    {
      idempotencyKey: flags['idempotency-key'] ?? randomUUID(),
      signal: context.io.signal,
    },
  );
  noteWatching(context, run.number);
  if (flags.watch) {
    const ended = await watchRun(context, run.id, { timeoutMs: flags.timeout });
    return finishRun(context, ended, ended);
  }
  await context.out.object(run, {
    text: styles => runResult(run, styles),
    name: () => String(run.number),
  });
  context.talk.next(`Follow it: innominatus runs watch ${run.number}`);
  return undefined;
}

async function requireAgreement(
  context: CommandContext,
  options: Pick<
    StartFollowUpOptions<{ acknowledge: string[] }>,
    'preview' | 'run' | 'verb'
  >,
): Promise<void> {
  const { verb, run } = options;
  const { acknowledge } = options.preview;
  const isWanted =
    acknowledge.length === 0 ||
    (await context.confirm(
      `The ${verb} of run ${run} touches systems outside in ${acknowledge.join(', ')}. Go on?`,
    ));
  if (!isWanted) {
    throw new CliError('Nothing was started.');
  }
}
