import { CommandContext } from '../framework/context';
import { CliError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { planHeadline, planRemovals } from './planText';
import { ApplicationKey, formatApplication } from './reference';
import { showPlanNotes } from './showPlan';
import { startDeployment } from './startDeployment';

const WORDS = {
  delete: { does: 'This deletes', refusal: 'Nothing was deleted.' },
  deprovision: {
    does: 'This takes down',
    refusal: 'Nothing was deprovisioned.',
  },
} as const;

/** Says what goes away, asks for the name of the application, and begins. */
export async function removeApplication(
  context: CommandContext,
  options: {
    application: ApplicationKey;
    action: keyof typeof WORDS;
    /** Why it is done although the environment is frozen. */
    overrideFreeze?: string;
    idempotencyKey?: string;
    watch: boolean;
    timeoutMs?: number;
  },
): Promise<ExitCode> {
  const { application, action, overrideFreeze, ...start } = options;
  const client = await context.client();
  const plan = await client.plan(application, { action });
  const label = formatApplication(application);
  context.talk.say(planHeadline(plan));
  await showPlanNotes(context, plan);
  const { does, refusal } = WORDS[action];
  const removals = planRemovals(plan);
  const question = removals.length
    ? `${does} ${label} and removes ${removals.join(', ')} with all data.`
    : `${does} ${label}.`;
  if (!(await context.confirm(question, application.name))) {
    throw new CliError(refusal);
  }
  return startDeployment(context, {
    ...start,
    application,
    request: { action, overrideFreeze, planHash: plan.hash },
  });
}
