import { showPlan } from '../applications/showPlan';
import { defineCommand } from '../framework/command';

export const plansGetCommand = defineCommand({
  name: 'plans get',
  summary: 'Show a plan that was made before',
  description:
    'Like "plan" shows it; -o wide has the diff of each manifest. Plans of\ndeployments stay, others until they expire.',
  args: [
    {
      name: 'plan',
      required: true,
      description: 'Id of the plan, as "deployments get" shows it',
    },
  ],
  flags: {
    'exit-code': {
      type: 'boolean',
      description: 'Exit with 3 when the plan has changes',
    },
  },
  examples: [
    {
      line: 'innominatus plan score.yaml -e staging -o name',
      about: 'make one, and get its id',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const plan = await client.getPlan(args.plan);
    return showPlan(context, plan, { exitCode: flags['exit-code'] });
  },
});
