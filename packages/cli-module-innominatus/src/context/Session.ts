import { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { ConnectionError } from '../framework/errors';
import { ContextFile, ContextStore, SavedContext } from './ContextStore';
import { Credentials } from './Credentials';
import { requireContext } from './requireContext';
import { DEFAULT_URL, isUnsafe, normalizeUrl } from './url';

/** One backend, who the person is there, and the client to talk to it. */
export class Session {
  readonly url: string;
  readonly contextName?: string;
  readonly credentials: Credentials;
  readonly client: InnominatusClient;
  readonly #context: CommandContext;
  /** Unknown before the first answer; then a lost connection is worth a word. */
  #connected?: boolean;

  private constructor(options: {
    url: string;
    contextName?: string;
    credentials: Credentials;
    context: CommandContext;
  }) {
    this.url = options.url;
    this.contextName = options.contextName;
    this.credentials = options.credentials;
    this.#context = options.context;
    this.client = new InnominatusClient({
      baseUrl: async () => `${this.url}/api/innominatus`,
      fetch: (input, init) => this.#fetch(input, init),
    });
  }

  static async open(context: CommandContext): Promise<Session> {
    const { io, global } = context;
    const store = ContextStore.create(io.env);
    const { url, saved } = chooseTarget(await store.read(), context);
    const credentials = await Credentials.find({
      io,
      store,
      tokenStdin: global['token-stdin'],
      context: saved,
    });
    if (isUnsafe(url)) {
      context.talk.warn(
        `${url} is not encrypted; others on the network can read the token.`,
      );
    }
    return new Session({ url, contextName: saved?.name, credentials, context });
  }

  async #fetch(
    input: RequestInfo | URL,
    init: RequestInit = {},
  ): Promise<Response> {
    const response = await this.#send(
      input,
      init,
      await this.credentials.token(),
    );
    // A guest's token may have been made by a backend that has new keys since.
    if (response.status === 401 && this.credentials.isRenewable) {
      await response.body?.cancel();
      return this.#send(input, init, await this.credentials.renew());
    }
    return response;
  }

  async #send(
    input: RequestInfo | URL,
    init: RequestInit,
    token: string,
  ): Promise<Response> {
    const { io, talk } = this.#context;
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    const signal = init.signal ?? io.signal;
    talk.detail(`${init.method ?? 'GET'} ${input}`);
    try {
      const response = await io.fetch(input, { ...init, headers, signal });
      this.#noteConnected();
      return response;
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      this.#noteLost();
      throw new ConnectionError(this.url, error);
    }
  }

  #noteConnected(): void {
    if (this.#connected === false) {
      this.#context.talk.say(`Connected to ${this.url} again.`);
    }
    this.#connected = true;
  }

  #noteLost(): void {
    if (this.#connected) {
      this.#context.talk.say(`The connection to ${this.url} is lost.`);
      this.#connected = false;
    }
  }
}

/**
 * `--url`, then `--context`, then INNOMINATUS_URL, then the current context,
 * then this machine. A context belongs to the address it was saved with.
 */
function chooseTarget(
  file: ContextFile,
  { io, global }: CommandContext,
): { url: string; saved?: SavedContext } {
  const named = global.context
    ? requireContext(file, global.context)
    : undefined;
  const current = file.contexts.find(({ name }) => name === file.current);
  const given =
    urlFrom(global.url, '--url') ??
    (named ? undefined : urlFrom(io.env.INNOMINATUS_URL, 'INNOMINATUS_URL'));
  const url = given ?? named?.url ?? current?.url ?? DEFAULT_URL;
  const saved = [named, current, ...file.contexts].find(
    candidate => candidate?.url === url,
  );
  return { url, saved };
}

function urlFrom(text: string | undefined, source: string): string | undefined {
  return text ? normalizeUrl(text, source) : undefined;
}
