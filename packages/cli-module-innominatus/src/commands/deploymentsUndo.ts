import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { startPlanned } from '../applications/startPlanned';
import { existingLines } from '../deployments/deploymentText';
import { defineCommand } from '../framework/command';
import { CliError } from '../framework/errors';
import { envFlag, freezeFlag, startFlags } from './sharedFlags';

export const deploymentsUndoCommand = defineCommand({
  name: 'deployments undo',
  summary: 'Take back what the last deployment did before it failed',
  description:
    'Lists what exists, then deploys what was there before, or removes everything\nwhen there was nothing. To carry the deployment on instead: runs retry.',
  args: [
    {
      name: 'application',
      required: true,
      description: 'ENV/NAME',
      complete: 'application',
    },
  ],
  flags: {
    env: envFlag,
    'dry-run': { type: 'boolean', description: 'Only show the plan' },
    ...freezeFlag,
    ...startFlags,
  },
  examples: [
    {
      line: 'innominatus deployments undo staging/orders --watch',
      about: 'take back half of a deployment',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const application = await resolveApplication(args.application, {
      environment: flags.env,
      client,
    });
    const label = formatApplication(application);
    const { items } = await client.listDeployments({
      environment: [application.environment],
      name: [application.name],
      limit: 1,
    });
    const last = items[0] && (await client.getDeployment(items[0].id));
    if (!last?.recovery) {
      throw new CliError(
        last
          ? `Deployment ${last.number} of ${label} is ${last.status}; there is nothing to take back.`
          : `Nothing was deployed to ${label}.`,
        { next: `See: innominatus status ${label}` },
      );
    }
    const { undo, resume } = last.recovery;
    context.talk.say(
      [
        `Deployment ${last.number} of ${label} left behind:`,
        ...existingLines(last.recovery),
      ].join('\n'),
    );
    if (resume.allowed) {
      context.talk.say(
        `To carry it on instead: innominatus runs retry ${last.runNumber ?? last.runId}`,
      );
    }
    return startPlanned(context, {
      application,
      request: undo.request,
      question: `Undo deployment ${last.number} of ${label}?`,
      refusal: 'Nothing was undone.',
      overrideFreeze: flags['override-freeze'],
      dryRun: flags['dry-run'],
      idempotencyKey: flags['idempotency-key'],
      watch: flags.watch,
      timeoutMs: flags.timeout,
    });
  },
});
