import { randomUUID } from 'node:crypto';
import { defineCommand } from '../framework/command';
import { finishRun } from '../runs/finishRun';
import { runResult } from '../runs/runText';
import { noteWatching, watchRun } from '../runs/watchRun';
import { scheduleArg, startFlags } from './sharedFlags';

export const schedulesTriggerCommand = defineCommand({
  name: 'schedules trigger',
  summary: 'Start a run of a schedule now',
  description:
    'With the parameters of the schedule; its times stay as they are.',
  args: [scheduleArg],
  flags: startFlags,
  examples: [
    {
      line: 'innominatus schedules trigger db-lifecycle --watch',
      about: 'do not wait for the night',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const run = await client.triggerSchedule(args.name, {
      idempotencyKey: flags['idempotency-key'] ?? randomUUID(),
      signal: context.io.signal,
    });
    noteWatching(context, run.number);
    if (flags.watch) {
      const ended = await watchRun(context, run.id, {
        timeoutMs: flags.timeout,
      });
      return finishRun(context, ended, ended);
    }
    await context.out.object(run, {
      text: styles => runResult(run, styles),
      name: () => String(run.number),
    });
    context.talk.next(`Follow it: innominatus runs watch ${run.number}`);
    return undefined;
  },
});
