import type {
  Approval,
  InnominatusClient,
} from '@innominatus/backstage-plugin-innominatus-common';
import { parseApplication } from '../applications/reference';
import { CliError, UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { openNestedRuns } from '../runs/nestedRuns';
import { resolveRun } from '../runs/reference';

export interface ApprovalTarget {
  /** Id of an approval, a run by number or id, or an application. */
  target: string;
  environment?: string;
  step?: string;
  /** For messages: `approve` or `reject`. */
  verb: string;
}

/** Ids of approvals name what they are about, and how often it was asked. */
function isApproval(target: string): boolean {
  return target.includes('~');
}

/** The one approval that is meant. */
export async function resolveApproval(
  client: InnominatusClient,
  options: ApprovalTarget,
): Promise<Approval> {
  const { target, environment, step, verb } = options;
  if (isApproval(target)) {
    return client.getApproval(target);
  }
  if (!step && target.includes('/')) {
    const plan = await planApproval(client, options);
    if (plan) {
      return plan;
    }
  }
  const run = await resolveRun(target, { environment, client });
  const items = await pendingApprovals(client, run);
  const meant = step ? items.filter(item => item.step?.name === step) : items;
  if (meant.length === 1) {
    return meant[0];
  }
  if (meant.length > 1) {
    throw new UsageError(
      `${meant.length} steps wait for an approval: ${meant.map(item => `"${item.step?.name}" of run ${item.run?.number}`).join(', ')}.`,
      {
        next: `Name one: innominatus ${verb} ${meant[0].run?.number} --step ${meant[0].step?.name}`,
      },
    );
  }
  throw new CliError(
    step && items.length > 0
      ? `The step "${step}" waits for no approval. These do: ${items.map(item => item.step?.name).join(', ')}.`
      : `Run ${target} waits for no approval${step ? ` of the step "${step}"` : ''}.`,
    {
      exitCode: ExitCode.notFound,
      next: `See what it does: innominatus why ${target}`,
    },
  );
}

/** Of the run, or else of the runs that it has started and waits for. */
async function pendingApprovals(
  client: InnominatusClient,
  run: string,
): Promise<Approval[]> {
  const pending = async (runs: string[]) =>
    (await client.listApprovals({ run: runs, state: ['pending'], limit: 200 }))
      .items;
  const own = await pending([run]);
  if (own.length > 0) {
    return own;
  }
  const nested = await openNestedRuns(client, await client.getRun(run));
  return nested.length > 0 ? pending(nested.map(({ id }) => id)) : [];
}

/** The approval that the next deployment of an application waits for. */
async function planApproval(
  client: InnominatusClient,
  { target, environment, verb }: ApprovalTarget,
): Promise<Approval | undefined> {
  const application = parseApplication(target, environment);
  const { items } = await client.listApprovals({
    environment: application.environment
      ? [application.environment]
      : undefined,
    application: [application.name],
    state: ['pending'],
    limit: 200,
  });
  const plans = items.filter(item => item.kind === 'plan');
  if (plans.length > 1) {
    throw new UsageError(
      `${plans.length} deployments of ${target} wait for an approval: ${plans.map(item => item.deployment?.number).join(', ')}.`,
      { next: `Name one by its id: innominatus ${verb} ${plans[0].id}` },
    );
  }
  return plans[0];
}
