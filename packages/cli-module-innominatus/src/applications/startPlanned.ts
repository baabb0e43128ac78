import type { PlanRequest } from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { planText } from './planText';
import { ApplicationKey } from './reference';
import { showPlan, showPlanNotes } from './showPlan';
import { startDeployment } from './startDeployment';

/** Shows the plan of what was asked for, asks, and starts exactly that. */
export async function startPlanned(
  context: CommandContext,
  options: {
    application: ApplicationKey;
    request: PlanRequest;
    question: string;
    /** What is said to a no. */
    refusal: string;
    /** Why it is done although the environment is frozen. */
    overrideFreeze?: string;
    dryRun: boolean;
    idempotencyKey?: string;
    watch: boolean;
    timeoutMs?: number;
  },
): Promise<ExitCode> {
  const { application, request, question, refusal } = options;
  const { dryRun, overrideFreeze, ...start } = options;
  const client = await context.client();
  const plan = await client.plan(application, request);
  if (dryRun) {
    return showPlan(context, plan, { exitCode: false });
  }
  context.talk.say(planText(plan, context.talk.styles, false));
  await showPlanNotes(context, plan);
  if (!(await context.confirm(question))) {
    throw new CliError(refusal);
  }
  return startDeployment(context, {
    ...start,
    application,
    request: { ...request, overrideFreeze, planHash: plan.hash },
  });
}
