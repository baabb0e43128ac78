import { heldDeployment, heldText } from '../applications/heldDeployment';
import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { defineCommand } from '../framework/command';
import { logLine } from '../runs/RunProgress';
import { explainRun } from '../runs/explain';
import { isRun, resolveRun } from '../runs/reference';
import { runResult } from '../runs/runText';
import { envFlag } from './sharedFlags';

export const whyCommand = defineCommand({
  name: 'why',
  summary: 'Say why a run or an application is in its state',
  args: [
    {
      name: 'run',
      required: true,
      description:
        'Number or id of the run, or ENV/NAME for its last run or the deployment that waits',
      complete: 'run',
    },
  ],
  flags: { env: envFlag },
  examples: [
    { line: 'innominatus why 42', about: 'the reason and the last log lines' },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    if (flags.env || !isRun(args.run)) {
      const application = await resolveApplication(args.run, {
        environment: flags.env,
        client,
      });
      const held = await heldDeployment(client, application);
      if (held) {
        await context.out.object(held, {
          text: styles => heldText(held, styles),
          name: () => held.id,
        });
        context.talk.next(
          held.waiting?.kind === 'approval'
            ? `Next: innominatus approve ${formatApplication(application)}`
            : `Next: innominatus deployments list ${formatApplication(application)}`,
        );
        return;
      }
    }
    const id = await resolveRun(args.run, { environment: flags.env, client });
    const run = await client.getRun(id);
    const explanation = await explainRun(client, run);
    await context.out.object(explanation, {
      text: styles =>
        [
          runResult(run, styles),
          ...explanation.reasons.map(reason => `  ${reason}`),
          ...(explanation.log.length ? ['Last log lines'] : []),
          ...explanation.log.map(line => `  ${logLine(line, styles)}`),
        ].join('\n'),
      name: () => String(run.number),
    });
    for (const next of explanation.next) {
      context.talk.next(`Next: ${next}`);
    }
  },
});
