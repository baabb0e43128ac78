import { JsonValue } from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { HostAllowList } from './hostAllowList';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface HttpAnswer {
  status: number;
  body: string;
  /** Without the query, which may hold a secret. */
  address: string;
}

export interface SendHttpRequestOptions {
  url: string;
  method: string;
  headers?: Record<string, string>;
  body?: JsonValue;
  allowList: HostAllowList;
  signal: AbortSignal;
}

/**
 * Sends a request to an allowed host. Redirects are followed on the same host
 * only: an allowed host must not be a way to others.
 */
export async function sendHttpRequest(
  options: SendHttpRequestOptions,
): Promise<HttpAnswer> {
  const first = readUrl(options.url);
  let { method } = options;
  let url = first;
  for (let redirects = 0; ; redirects++) {
    options.allowList.check(url);
    const sendsBody = method !== 'GET' && method !== 'HEAD';
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: options.signal,
      headers: {
        ...(sendsBody && isJson(options.body)
          ? { 'content-type': 'application/json' }
          : {}),
        ...options.headers,
      },
      body: sendsBody ? toBody(options.body) : undefined,
    });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) {
      return {
        status: response.status,
        body: await readBody(response),
        address: `${url.origin}${url.pathname}`,
      };
    }
    await response.body?.cancel();
    const target = URL.canParse(location, url) ? new URL(location, url) : url;
    if (target.host !== first.host || target.protocol !== first.protocol) {
      throw new StepFailure(
        `"${first.host}" redirects to another host, "${target.host}". Redirects are followed on the same host only; call that host directly if it is meant.`,
        { code: 'HTTP_REDIRECT_REFUSED' },
      );
    }
    if (redirects >= MAX_REDIRECTS) {
      throw new StepFailure(
        `"${first.host}" redirects more than ${MAX_REDIRECTS} times.`,
        { code: 'HTTP_REDIRECT_REFUSED' },
      );
    }
    if (response.status === 303 && method !== 'HEAD') {
      method = 'GET';
    }
    url = target;
  }
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new StepFailure(
      'The value of "config.url" is not a URL. Expected for example "https://api.example.com/status".',
      { code: 'CONFIG_INVALID' },
    );
  }
  const url = new URL(text);
  if (url.username || url.password) {
    throw new StepFailure(
      'The value of "config.url" holds a user name or password. Use the header "authorization" with a secret instead.',
      { code: 'CONFIG_INVALID' },
    );
  }
  return url;
}

function isJson(body: JsonValue | undefined): boolean {
  return body !== undefined && typeof body !== 'string';
}

function toBody(body: JsonValue | undefined): string | undefined {
  return body === undefined || typeof body === 'string'
    ? body
    : JSON.stringify(body);
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      throw new StepFailure(
        `The answer is larger than ${MAX_BODY_BYTES} bytes.`,
        { code: 'HTTP_BODY_TOO_LARGE' },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
