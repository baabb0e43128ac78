import { UsageError, isLocal } from '../framework/errors';

export const DEFAULT_URL = 'http://localhost:7007';

/** Checks the address of a backend and brings it into one form. */
export function normalizeUrl(text: string, source: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(
      `${source} is "${text}", but an address such as ${DEFAULT_URL} is expected.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UsageError(
      `${source} starts with "${url.protocol}", but http: or https: is expected.`,
    );
  }
  if (url.username || url.password) {
    throw new UsageError(
      `${source} must not contain a user name or password; sign in with "innominatus login".`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Tokens over plain HTTP can be read on the way, except on this machine. */
export function isUnsafe(url: string): boolean {
  return url.startsWith('http:') && !isLocal(url);
}

/** A short name for a new context. */
export function contextNameOf(url: string): string {
  return new URL(url).hostname.replace(/[^A-Za-z0-9._-]/g, '') || 'default';
}
