const TIMEOUT_MS = 10_000;
const SHOWN_CHARACTERS = 300;

/** One request to a server of Restate. Throws a sentence for the operator. */
export async function askRestate(
  url: string,
  options: { token?: string; body?: object },
): Promise<void> {
  const { body, token } = options;
  let response: Response;
  try {
    response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: body && JSON.stringify(body),
    });
  } catch (error) {
    throw new Error(`Restate does not answer at ${url}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  const text = await response.text();
  if (!response.ok) {
    throw new Error(
      `Restate answered with status ${response.status} at ${url}: ${text.slice(0, SHOWN_CHARACTERS)}`,
    );
  }
}

/** What `fetch` throws says why in its cause only. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error && cause.message ? cause.message : message;
}
