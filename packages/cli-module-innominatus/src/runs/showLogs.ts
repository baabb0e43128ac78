import type {
  InnominatusClient,
  RunLogLine,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { UsageError } from '../framework/errors';
import { logLine } from './RunProgress';

/** Which lines of which run are shown, and whether new ones are waited for. */
export interface ShowLogsOptions {
  run: string;
  step?: string;
  attempt?: number;
  search?: string;
  tail?: number;
  follow: boolean;
}

const PAGE = 1000;

/** Writes the log of a run to stdout. */
export async function showLogs(
  context: CommandContext,
  options: ShowLogsOptions,
): Promise<void> {
  const client = await context.client();
  await checkStep(client, options);
  const { lines, after } = await readLines(client, options);
  const { out } = context;
  const print = (line: RunLogLine) =>
    out.line(
      // A stream cannot be one document: programs get one per line.
      out.isDocument && options.follow
        ? JSON.stringify(line)
        : logLine(line, out.styles),
    );
  if (out.isDocument && !options.follow) {
    await out.document({ items: lines });
    return;
  }
  lines.forEach(print);
  if (!options.follow) {
    if (lines.length === 0) {
      context.talk.say('There are no log lines.');
    }
    return;
  }
  context.noteForInterrupt(
    `You stopped following; the run itself is not touched. Follow again: innominatus logs ${options.run} --follow`,
  );
  const { step, attempt, search } = options;
  const stream = client.followRunLogs(options.run, {
    step,
    attempt,
    search,
    after,
    signal: context.io.signal,
  });
  for await (const { data } of stream) {
    print(data);
  }
  context.io.signal.throwIfAborted();
}

async function checkStep(
  client: InnominatusClient,
  options: ShowLogsOptions,
): Promise<void> {
  if (!options.step) {
    return;
  }
  const { items } = await client.getRunSteps(options.run);
  if (!items.some(step => step.name === options.step)) {
    throw new UsageError(
      `The run has no step "${options.step}". It has: ${items
        .map(step => step.name)
        .join(', ')}.`,
    );
  }
}

async function readLines(
  client: InnominatusClient,
  options: ShowLogsOptions,
): Promise<{ lines: RunLogLine[]; after: number | undefined }> {
  const { run, step, attempt, search, tail } = options;
  let lines: RunLogLine[] = [];
  let after: number | undefined;
  for (;;) {
    const page = await client.getRunLogs(run, {
      step,
      attempt,
      search,
      after,
      limit: PAGE,
    });
    lines.push(...page.items);
    after = page.nextAfter ?? page.items.at(-1)?.seq ?? after;
    if (tail !== undefined) {
      // slice(-0) would keep everything.
      lines = tail === 0 ? [] : lines.slice(-tail);
    }
    if (page.nextAfter === undefined || page.items.length === 0) {
      return { lines, after };
    }
  }
}
