import { defineCommand } from '../framework/command';
import { limitFlag, showPages } from '../output/pages';
import { lastOutcome, scheduleState } from '../schedules/scheduleText';

export const schedulesListCommand = defineCommand({
  name: 'schedules list',
  summary: 'List what is started by itself, and when',
  flags: { limit: limitFlag },
  examples: [{ line: 'innominatus schedules list', about: 'what runs next' }],
  async run(context, { flags }) {
    const client = await context.client();
    await showPages(context, {
      limit: flags.limit,
      read: page => client.listSchedules(page),
      view: {
        name: schedule => schedule.name,
        columns: [
          { title: 'Name', value: schedule => schedule.name },
          { title: 'Cron', value: schedule => schedule.cron },
          { title: 'Time zone', value: schedule => schedule.timezone },
          { title: 'Next', value: scheduleState },
          { title: 'Last', value: lastOutcome },
          {
            title: 'Last run',
            value: ({ lastRun }) =>
              lastRun && `${lastRun.number} ${lastRun.status}`,
          },
          { title: 'Owner', value: schedule => schedule.owner, wide: true },
          { title: 'File', value: schedule => schedule.source, wide: true },
        ],
      },
      empty:
        'There are no schedules. A golden path or workflow gets one with "spec.schedule".',
    });
  },
});
