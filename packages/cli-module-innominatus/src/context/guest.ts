import { CliError, ConnectionError } from '../framework/errors';
import { ExitCode } from '../framework/exitCodes';
import { readClaims } from './jwt';

/** A token and what is known about it. */
export interface SignIn {
  token: string;
  expiresAt?: number;
  user?: string;
}

/** Signs in at the guest provider of Backstage, which asks for nothing. */
export async function signInAsGuest(options: {
  url: string;
  fetch: typeof fetch;
  signal?: AbortSignal;
}): Promise<SignIn> {
  const { url } = options;
  let response: Response;
  try {
    response = await options.fetch(`${url}/api/auth/guest/refresh`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'x-requested-with': 'XMLHttpRequest',
      },
      signal: options.signal,
    });
  } catch (error) {
    if (options.signal?.aborted) {
      throw error;
    }
    throw new ConnectionError(url, error);
  }
  const token = response.ok ? await readToken(response) : undefined;
  if (!token) {
    throw new CliError(
      response.status === 503
        ? `The portal at ${url} is still starting.`
        : `The portal at ${url} does not let guests in (it answered ${response.status}).`,
      {
        exitCode: ExitCode.signInNeeded,
        next:
          response.status === 503
            ? 'Try again in a few seconds.'
            : 'Sign in with a token: innominatus login --token-stdin < token-file',
      },
    );
  }
  const claims = readClaims(token);
  return { token, expiresAt: claims.expiresAt, user: claims.subject };
}

async function readToken(response: Response): Promise<string | undefined> {
  try {
    const body = (await response.json()) as {
      backstageIdentity?: { token?: unknown };
    };
    const token = body.backstageIdentity?.token;
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}
