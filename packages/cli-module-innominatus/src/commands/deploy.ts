import { planHeadline, planRemovals } from '../applications/planText';
import { readRequest } from '../applications/request';
import { showPlan, showPlanNotes } from '../applications/showPlan';
import { startDeployment } from '../applications/startDeployment';
import { defineCommand } from '../framework/command';
import { CommandContext } from '../framework/context';
import { isApiError } from '../framework/describeError';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { readPriority } from '../runs/readPriority';
import {
  freezeFlag,
  priorityFlag,
  requestFlags,
  startFlags,
} from './sharedFlags';

export const deployCommand = defineCommand({
  name: 'deploy',
  summary: 'Bring a workload into an environment',
  description:
    'Plans, then deploys exactly that plan. TARGET is a Score file, "-" for stdin,\nor an application ENV/NAME, which is deployed with the Score spec of its catalog\nentity. Asks first when resources would be removed.',
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
    priority: priorityFlag,
    ...freezeFlag,
    ...startFlags,
    'dry-run': { type: 'boolean', description: 'Only show the plan' },
  },
  examples: [
    {
      line: 'innominatus deploy score.yaml --env development --watch',
      about: 'deploy and see how it goes',
    },
    {
      line: 'innominatus deploy score.yaml -e staging --override-property containers.web.image=web:2.0',
      about: 'change one value',
    },
    {
      line: 'innominatus deploy score.yaml -e staging --watch --timeout 10m -o json',
      about: 'for scripts: one JSON document at the end',
    },
  ],
  async run(context, { args, flags }) {
    const { application, request } = await readRequest(
      context,
      args.target,
      flags,
    );
    const client = await context.client();
    if (flags['dry-run']) {
      const plan = await client.plan(application, request);
      return showPlan(context, plan, { exitCode: false });
    }
    return planAgain(context, async () => {
      const plan = await client.plan(application, request);
      context.talk.say(planHeadline(plan));
      await showPlanNotes(context, plan);
      const removals = planRemovals(plan);
      if (
        removals.length > 0 &&
        !(await context.confirm(
          `This removes ${removals.join(', ')} with all data. Deploy?`,
        ))
      ) {
        throw new CliError('Nothing was deployed.');
      }
      return startDeployment(context, {
        application,
        // A person's own key means "the same request again", which a plan that
        // changed through the first one would turn into another request.
        request: {
          ...request,
          priority: readPriority(flags.priority),
          overrideFreeze: flags['override-freeze'],
          planHash: flags['idempotency-key'] ? undefined : plan.hash,
        },
        idempotencyKey: flags['idempotency-key'],
        watch: flags.watch,
        timeoutMs: flags.timeout,
      });
    });
  },
});

const TRIES = 3;

/**
 * The world may move between the two calls, for example while a portal that has
 * just started reads its catalog. Nothing was done then, and the new plan is
 * shown and asked about like the first one.
 */
async function planAgain(
  context: CommandContext,
  deploy: () => Promise<ExitCode>,
): Promise<ExitCode> {
  for (let tries = 1; ; tries++) {
    try {
      return await deploy();
    } catch (error) {
      if (
        !isApiError(error) ||
        error.code !== 'PLAN_CHANGED' ||
        tries === TRIES
      ) {
        throw error;
      }
      context.talk.say(`${error.message} This is it:`);
    }
  }
}
