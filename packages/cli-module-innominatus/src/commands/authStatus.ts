import { defineCommand } from '../framework/command';
import { describeError } from '../framework/describeError';
import { ExitCode } from '../framework/exitCodes';
import { humanDuration } from '../output/time';

export const authStatusCommand = defineCommand({
  name: 'auth status',
  summary: 'Say who you are and where, and whether the portal agrees',
  description:
    'Never shows the token. Exits with 4 when you are not signed in.',
  examples: [{ line: 'innominatus auth status', about: 'who am I' }],
  async run(context) {
    const session = await context.session();
    const { credentials } = session;
    let failure: ReturnType<typeof describeError> | undefined;
    let version: string | undefined;
    try {
      version = (await session.client.getVersion()).version;
    } catch (error) {
      context.io.signal.throwIfAborted();
      failure = describeError(error);
    }
    // After the call: it may have renewed the token.
    const { expiresAt } = credentials;
    const status = {
      signedIn: failure === undefined,
      url: session.url,
      context: session.contextName,
      source: credentials.source,
      kind: credentials.kind,
      user: credentials.user,
      expiresAt:
        expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
      serverVersion: version,
    };
    await context.out.object(status, {
      text: styles =>
        [
          status.signedIn
            ? styles.green(`Signed in to ${session.url}`)
            : styles.red(`Not signed in to ${session.url}`),
          ...(status.user ? [`  user     ${status.user}`] : []),
          ...(status.context ? [`  context  ${status.context}`] : []),
          `  token    ${tokenText(status, credentials.isRenewable)}`,
        ].join('\n'),
      name: () => status.user ?? '',
    });
    if (failure) {
      context.talk.error(failure.message);
      if (failure.next) {
        context.talk.always(failure.next);
      }
      return failure.exitCode;
    }
    return ExitCode.ok;
  },
});

function tokenText(
  status: { source: string; kind: string; expiresAt?: string },
  renewable: boolean,
): string {
  const from = {
    stdin: 'from stdin',
    environment: 'from INNOMINATUS_TOKEN',
    context: `saved (${status.kind})`,
  }[status.source];
  if (!status.expiresAt) {
    return String(from);
  }
  const left = Date.parse(status.expiresAt) - Date.now();
  const until = left > 0 ? `good for ${humanDuration(left)}` : 'expired';
  return `${from}, ${until}${renewable ? ', renewed by itself' : ''}`;
}
