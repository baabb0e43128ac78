import type { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { ExitCode } from '../framework/exitCodes';
import { hasChanges, planText } from './planText';

/** Prints a plan: the plan itself on stdout, notes on stderr. */
export async function showPlan(
  context: CommandContext,
  plan: Plan,
  options: { exitCode: boolean },
): Promise<ExitCode> {
  await context.out.object(plan, {
    text: (styles, wide) => planText(plan, styles, wide),
    name: () => plan.id,
  });
  await showPlanNotes(context, plan);
  const { deploy } = plan.allowedActions;
  if (!deploy.allowed) {
    context.talk.say(
      `You cannot deploy this plan${deploy.reason ? `: ${deploy.reason}` : '.'}`,
    );
  }
  return options.exitCode && hasChanges(plan) ? ExitCode.changes : ExitCode.ok;
}

/** Warnings of the plan, on stderr. */
export async function showPlanNotes(
  context: CommandContext,
  plan: Plan,
): Promise<void> {
  const notes = plan.diagnostics.filter(({ severity }) => severity !== 'info');
  if (notes.length) {
    const { formatIssues } = await import('../score/formatIssues');
    context.talk.say(formatIssues(notes));
  }
}
