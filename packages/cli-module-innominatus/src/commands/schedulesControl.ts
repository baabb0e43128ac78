import { defineCommand } from '../framework/command';
import { scheduleText } from '../schedules/scheduleText';
import { scheduleArg } from './sharedFlags';

export const schedulesPauseCommand = defineCommand({
  name: 'schedules pause',
  summary: 'Let a schedule start no runs',
  description:
    'A run in progress goes on. Times that come meanwhile are left out. Go on\nwith: innominatus schedules resume NAME',
  args: [scheduleArg],
  examples: [
    {
      line: 'innominatus schedules pause db-lifecycle',
      about: 'hold it back',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const schedule = await client.pauseSchedule(args.name);
    await context.out.object(schedule, {
      text: styles => scheduleText(schedule, styles),
      name: () => schedule.name,
    });
    context.talk.next(`Go on: innominatus schedules resume ${schedule.name}`);
  },
});

export const schedulesResumeCommand = defineCommand({
  name: 'schedules resume',
  summary: 'Let a schedule start runs again, from its next time on',
  args: [scheduleArg],
  examples: [
    { line: 'innominatus schedules resume db-lifecycle', about: 'go on' },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const schedule = await client.resumeSchedule(args.name);
    await context.out.object(schedule, {
      text: styles => scheduleText(schedule, styles),
      name: () => schedule.name,
    });
  },
});
