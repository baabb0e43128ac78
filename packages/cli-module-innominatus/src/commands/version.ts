import { cliVersion } from '../version';
import { defineCommand } from '../framework/command';

// The version of the portal is worth a moment, not a wait.
const SERVER_WAIT_MS = 2000;

export const versionCommand = defineCommand({
  name: 'version',
  summary: 'Show the version of the command and of the portal',
  flags: {
    client: {
      type: 'boolean',
      description: 'Only the command, without asking the portal',
    },
  },
  examples: [{ line: 'innominatus version --client', about: 'offline' }],
  async run(context, { flags }) {
    const server = flags.client ? undefined : await serverVersion();
    await context.out.object(
      { client: cliVersion, server },
      {
        text: () =>
          [
            `innominatus ${cliVersion}`,
            ...(server ? [`portal ${server}`] : []),
          ].join('\n'),
        name: () => cliVersion,
      },
    );

    async function serverVersion(): Promise<string | undefined> {
      try {
        const client = await context.client();
        const { version } = await client.getVersion({
          signal: AbortSignal.timeout(SERVER_WAIT_MS),
        });
        return version;
      } catch {
        // Without a portal or a sign-in the command's own version is the answer.
        return undefined;
      }
    }
  },
});
