import { CliError, UsageError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { Io, readStdin } from '../framework/io';
import { ContextStore, SavedContext } from './ContextStore';
import { signInAsGuest } from './guest';
import { readClaims } from './jwt';

/** Where a token comes from, in the order in which the places are asked. */
export type CredentialSource = 'stdin' | 'environment' | 'context';

// A guest token is renewed this long before it ends, so that it does not end on the way.
const RENEW_BEFORE_MS = 60_000;

/** Answers a token for requests and renews it where that is possible. */
export class Credentials {
  readonly source: CredentialSource;
  #token: string | undefined;
  #context: SavedContext | undefined;
  #renewal?: Promise<string>;
  readonly #io: Io;
  readonly #store: ContextStore;

  private constructor(options: {
    source: CredentialSource;
    token?: string;
    context?: SavedContext;
    io: Io;
    store: ContextStore;
  }) {
    this.source = options.source;
    this.#token = options.token;
    this.#context = options.context;
    this.#io = options.io;
    this.#store = options.store;
  }

  /**
   * @param options.context - The saved context for exactly the address that
   * will be called: a token is never sent to another one.
   */
  static async find(options: {
    io: Io;
    store: ContextStore;
    tokenStdin: boolean;
    context?: SavedContext;
  }): Promise<Credentials> {
    const { io, store, context } = options;
    if (options.tokenStdin) {
      return new Credentials({
        source: 'stdin',
        token: await readTokenFromStdin(io),
        io,
        store,
      });
    }
    const token = io.env.INNOMINATUS_TOKEN?.trim();
    if (token) {
      return new Credentials({ source: 'environment', token, io, store });
    }
    return new Credentials({
      source: 'context',
      token: context?.token,
      context,
      io,
      store,
    });
  }

  get user(): string | undefined {
    return (
      (this.#token ? readClaims(this.#token).subject : undefined) ??
      (this.source === 'context' ? this.#context?.user : undefined)
    );
  }

  get expiresAt(): number | undefined {
    return this.#token ? readClaims(this.#token).expiresAt : undefined;
  }

  get kind(): string {
    return this.source === 'context'
      ? (this.#context?.kind ?? 'none')
      : 'token';
  }

  get isRenewable(): boolean {
    return this.source === 'context' && this.#context?.kind === 'guest';
  }

  /** A token that is good for now. */
  async token(): Promise<string> {
    if (!this.#token) {
      throw notSignedIn();
    }
    const { expiresAt = Infinity } = readClaims(this.#token);
    const endsSoon = expiresAt - RENEW_BEFORE_MS < Date.now();
    return endsSoon && this.isRenewable ? this.renew() : this.#token;
  }

  /** Has a new token for a guest; many requests at once renew only once. */
  async renew(): Promise<string> {
    const context = this.#context;
    if (!context || !this.isRenewable) {
      throw notSignedIn();
    }
    this.#renewal ??= this.#renewGuest(context).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewGuest(context: SavedContext): Promise<string> {
    const signIn = await signInAsGuest({
      url: context.url,
      fetch: this.#io.fetch,
      signal: this.#io.signal,
    });
    this.#token = signIn.token;
    this.#context = { ...context, ...signIn };
    await this.#store.save(this.#context, false);
    return signIn.token;
  }
}

/** Reads a token that a person or a program pipes in. */
export async function readTokenFromStdin(io: Io): Promise<string> {
  if (io.stdin.isTTY) {
    throw new UsageError(
      '--token-stdin reads the token from stdin, but stdin is a terminal.',
      {
        next: 'Pipe it in, for example: innominatus login --token-stdin < token-file',
      },
    );
  }
  const token = (await readStdin(io)).trim();
  if (!/^[\x21-\x7e]{1,65536}$/.test(token)) {
    throw new UsageError(
      'stdin has no token: one line without spaces is expected.',
    );
  }
  return token;
}

function notSignedIn(): CliError {
  return new CliError('You are not signed in.', {
    exitCode: ExitCode.signInNeeded,
    next: 'Sign in: innominatus login',
  });
}
