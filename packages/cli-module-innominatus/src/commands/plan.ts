import type {
  DeploymentAction,
  PlanRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { resolveApplication } from '../applications/reference';
import {
  repairedResourceFlag,
  repairRequest,
} from '../applications/repairRequest';
import { showPlan } from '../applications/showPlan';
import { readRequest } from '../applications/request';
import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';
import { requestFlags } from './sharedFlags';

const ACTIONS = [
  'rollback',
  'promote',
  'repair',
  'deprovision',
  'delete',
] as const;

function readAction(text: string): DeploymentAction {
  const action = ACTIONS.find(one => one === text);
  if (!action) {
    throw new UsageError(
      `"${text}" is no action. Expected deploy, ${ACTIONS.join(', ')}.`,
    );
  }
  return action;
}

/** What is asked for when it is not a deployment of something new. */
function readChange(
  action: string,
  flags: {
    from: string | undefined;
    target: number | undefined;
    resource: string[];
  },
): PlanRequest {
  const read = readAction(action);
  if (read === 'repair') {
    return repairRequest(flags.resource);
  }
  const { from, target } = flags;
  return {
    action: read,
    from,
    target: target === undefined ? undefined : { deployment: target },
  };
}

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
    action: {
      type: 'string',
      value: 'ACTION',
      description:
        'deploy (default), rollback, promote, repair, deprovision or delete; all but deploy need ENV/NAME',
      complete: ['deploy', ...ACTIONS],
    },
    target: {
      type: 'integer',
      value: 'N',
      description: 'For a rollback: number of the deployment to go back to',
    },
    from: {
      type: 'string',
      value: 'ENV',
      description: 'For a promotion: where it runs',
      complete: 'environment',
    },
    resource: repairedResourceFlag,
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
    {
      line: 'innominatus plan production/orders --action rollback --target 7',
      about: 'what going back to deployment 7 would change',
    },
    {
      line: 'innominatus plan production/orders --action repair',
      about: 'what bringing back what drifted would change',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    if (flags.resource.length > 0 && flags.action !== 'repair') {
      throw new UsageError('"--resource" goes with "--action repair" only.');
    }
    const { application, request } =
      flags.action === undefined || flags.action === 'deploy'
        ? await readRequest(context, args.target, flags)
        : {
            application: await resolveApplication(args.target, {
              environment: flags.env,
              client,
            }),
            request: readChange(flags.action, flags),
          };
    const plan = await client.plan(application, request);
    return showPlan(context, plan, { exitCode: flags['exit-code'] });
  },
});
