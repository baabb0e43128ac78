import { showPlan } from '../applications/showPlan';
import { readRequest } from '../applications/request';
import { defineCommand } from '../framework/command';
import { requestFlags } from './sharedFlags';

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'Show what a deployment would change',
  description:
    'Changes nothing. TARGET is a Score file, "-" for stdin, or an application\nENV/NAME, which is planned with the Score spec of its catalog entity.',
  args: [
    {
      name: 'target',
      required: true,
      description: 'Score file or ENV/NAME',
      complete: 'file',
    },
  ],
  flags: {
    ...requestFlags,
    'exit-code': {
      type: 'boolean',
      description: 'Exit with 3 when the plan has changes',
    },
  },
  examples: [
    {
      line: 'innominatus plan score.yaml --env development',
      about: 'plan a Score file',
    },
    {
      line: 'innominatus plan development/orders --exit-code',
      about: 'for scripts: 3 means changes',
    },
  ],
  async run(context, { args, flags }) {
    const { application, request } = await readRequest(
      context,
      args.target,
      flags,
    );
    const client = await context.client();
    const plan = await client.plan(application, request);
    return showPlan(context, plan, { exitCode: flags['exit-code'] });
  },
});
