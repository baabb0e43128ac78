import type { ApplicationDrift } from '@innominatus/backstage-plugin-innominatus-common';
import { driftText } from '../applications/driftText';
import {
  formatApplication,
  resolveApplication,
} from '../applications/reference';
import { defineCommand } from '../framework/command';
import { CliError, UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { envFlag } from './sharedFlags';

export const appsDriftCommand = defineCommand({
  name: 'apps drift',
  summary: 'Show what is not as it is recorded',
  description:
    'By the last look, from what is recorded to what is there. What is there can\nbe accepted here; "apps repair" brings back what is recorded.',
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
    check: { type: 'boolean', description: 'Look now' },
    accept: {
      type: 'string',
      value: 'RESOURCE',
      description: 'Make what is there of a resource the record',
    },
    'accept-manifests': {
      type: 'boolean',
      description: 'Leave the manifests as they are until the next deployment',
    },
    reason: {
      type: 'string',
      value: 'TEXT',
      description: 'Why it is accepted; kept for the record',
    },
    'exit-code': {
      type: 'boolean',
      description: 'Exit with 3 when something drifted',
    },
  },
  examples: [
    {
      line: 'innominatus apps drift production/orders --check',
      about: 'look now',
    },
    {
      line: 'innominatus apps drift production/orders --accept db --reason "Moved by hand"',
      about: 'what is there is right',
    },
  ],
  async run(context, { args, flags }) {
    const { accept, reason } = flags;
    const accepts = accept !== undefined || flags['accept-manifests'];
    if (accept !== undefined && flags['accept-manifests']) {
      throw new UsageError('Accept one thing at a time.');
    }
    if (accepts && !reason?.trim()) {
      throw new UsageError('Say why, with --reason "…".');
    }
    const client = await context.client();
    const application = await resolveApplication(args.application, {
      environment: flags.env,
      client,
    });
    const call = { signal: context.io.signal };
    let drift = flags.check
      ? await client.checkApplicationDrift(application, {}, call)
      : await client.getApplicationDrift(application, call);
    if (accepts && reason) {
      drift = await client.acceptApplicationDrift(application, {
        ...(accept === undefined ? {} : { resource: accept }),
        version: versionOf(drift, accept),
        reason,
      });
      context.talk.say('Accepted.');
    }
    await context.out.object(drift, {
      text: styles => driftText(application, drift, styles),
      name: () =>
        drift.resources
          .filter(({ status }) => status === 'drifted' || status === 'missing')
          .map(({ name }) => name)
          .join('\n'),
    });
    if (drift.count > 0) {
      context.talk.next(
        `Bring it back: innominatus apps repair ${formatApplication(application)}`,
      );
    }
    return flags['exit-code'] && drift.count > 0 ? ExitCode.changes : undefined;
  },
});

function versionOf(drift: ApplicationDrift, accept: string | undefined) {
  const item =
    accept === undefined
      ? drift.manifests
      : drift.resources.find(({ name, uid }) => [name, uid].includes(accept));
  if (!item || item.status === 'none' || item.status === 'unknown') {
    throw new CliError(
      `${accept === undefined ? 'The manifests have' : `The resource "${accept}" has`} not drifted, by the last look.`,
      { next: 'Look now, with --check.' },
    );
  }
  return item.version;
}
