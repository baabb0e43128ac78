import { ContextStore, SavedContext } from '../context/ContextStore';
import { readTokenFromStdin } from '../context/Credentials';
import { signInAsGuest } from '../context/guest';
import { readClaims } from '../context/jwt';
import {
  DEFAULT_URL,
  contextNameOf,
  isUnsafe,
  normalizeUrl,
} from '../context/url';
import { defineCommand } from '../framework/command';
import { CommandContext } from '../framework/context';
import { CliError, isLocal } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';

export const loginCommand = defineCommand({
  name: 'login',
  summary: 'Sign in to a portal and remember it',
  description:
    'Without options signs in as guest to the portal on this machine. Other\nportals take a token from stdin, or guests when --guest is given.',
  flags: {
    guest: { type: 'boolean', description: 'Sign in as guest' },
  },
  examples: [
    { line: 'innominatus login', about: `as guest at ${DEFAULT_URL}` },
    {
      line: 'innominatus login --url https://portal.example.com --token-stdin < token-file',
      about: 'with a token',
    },
  ],
  async run(context, { flags }) {
    const { io, global, talk } = context;
    const store = ContextStore.create(io.env);
    const file = await store.read();
    const url = normalizeUrl(
      global.url ??
        file.contexts.find(({ name }) => name === global.context)?.url ??
        (io.env.INNOMINATUS_URL || DEFAULT_URL),
      global.url ? '--url' : 'The address',
    );
    const name =
      global.context ??
      file.contexts.find(saved => saved.url === url)?.name ??
      freeName(contextNameOf(url), file.contexts);
    if (isUnsafe(url)) {
      talk.warn(
        `${url} is not encrypted; others on the network can read the token.`,
      );
    }
    const saved = await signIn(context, { name, url, guest: flags.guest });
    await store.save(saved, true);
    if (io.env.INNOMINATUS_TOKEN) {
      talk.warn(
        'INNOMINATUS_TOKEN is set and goes before this sign-in; unset it to use the sign-in.',
      );
    }
    await context.out.object(
      { context: name, url, kind: saved.kind, user: saved.user },
      {
        text: () =>
          `Signed in to ${url} as ${saved.user ?? 'the owner of the token'}`,
        name: () => name,
      },
    );
    talk.next('Next: innominatus deploy score.yaml --env development --watch');
  },
});

async function signIn(
  context: CommandContext,
  target: { name: string; url: string; guest: boolean },
): Promise<SavedContext> {
  const { io, global } = context;
  const { name, url, guest } = target;
  if (global['token-stdin']) {
    const token = await readTokenFromStdin(io);
    const { subject, expiresAt } = readClaims(token);
    return { name, url, kind: 'token', token, expiresAt, user: subject };
  }
  if (!guest && !isLocal(url)) {
    throw new CliError(`Say how to sign in to ${url}.`, {
      exitCode: ExitCode.wrongCall,
      next: 'With a token: --token-stdin < token-file. As guest, where the portal lets guests in: --guest.',
    });
  }
  const signedIn = await signInAsGuest({
    url,
    fetch: io.fetch,
    signal: io.signal,
  });
  return { name, url, kind: 'guest', ...signedIn };
}

function freeName(wanted: string, taken: readonly SavedContext[]): string {
  const names = new Set(taken.map(saved => saved.name));
  let name = wanted;
  for (let number = 2; names.has(name); number++) {
    name = `${wanted}-${number}`;
  }
  return name;
}
