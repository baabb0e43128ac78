import { defineCommand } from '../framework/command';
import { scheduleText } from '../schedules/scheduleText';
import { scheduleArg } from './sharedFlags';

export const schedulesGetCommand = defineCommand({
  name: 'schedules get',
  summary: 'Show a schedule, its next times and its last run',
  args: [scheduleArg],
  examples: [
    {
      line: 'innominatus schedules get db-lifecycle',
      about: 'when it runs next',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const schedule = await client.getSchedule(args.name);
    await context.out.object(schedule, {
      text: styles => scheduleText(schedule, styles),
      name: () => schedule.name,
    });
    if (schedule.lastRun) {
      context.talk.next(
        `Look at its last run: innominatus runs get ${schedule.lastRun.number}`,
      );
    }
  },
});
