import { Config } from '@backstage/config';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';

const CONFIG_KEY = 'innominatus.stepTypes.http.allow';

/** Tells which hosts may be called; by default none. */
export interface HostAllowList {
  /** Throws a `StepFailure` that says how to allow the host. */
  check(url: URL): void;
  allows(url: URL): boolean;
}

/**
 * @param patterns - `api.example.com`, `*.example.com` or `localhost:8080`.
 *   Without a port only the usual one of the protocol is meant.
 */
export function createHostAllowList(
  patterns: string[],
  configKey: string = CONFIG_KEY,
): HostAllowList {
  const allowed = patterns.map(pattern => readPattern(pattern, configKey));
  const allows = (url: URL) => allowed.some(matches => matches(url));
  return {
    allows,
    check(url) {
      if (url.protocol !== 'https:' && url.protocol !== 'http:') {
        throw new StepFailure(
          `The URL "${url.protocol}" in "config.url" is not allowed. Use "https:" or "http:".`,
          { code: 'URL_NOT_ALLOWED' },
        );
      }
      if (!allows(url)) {
        throw new StepFailure(
          `The host "${url.host}" may not be called from a step. To allow it, add "${url.host}" to "${configKey}" in the configuration of the backend.`,
          { code: 'HOST_NOT_ALLOWED' },
        );
      }
    },
  };
}

/** Reads `innominatus.stepTypes.http.allow`. */
export function readHttpAllowList(config: Config): HostAllowList {
  return createHostAllowList(config.getOptionalStringArray(CONFIG_KEY) ?? []);
}

function readPattern(
  pattern: string,
  configKey: string,
): (url: URL) => boolean {
  const match = /^(\*\.)?([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(
    pattern,
  );
  if (!match) {
    throw new Error(
      `The entry "${pattern}" of "${configKey}" is not a host. Expected for example "api.example.com", "*.example.com" or "localhost:8080".`,
    );
  }
  const [, wildcard, name, port = ''] = match;
  const host = name.toLowerCase();
  return url => {
    // `URL` leaves the usual port of the protocol out.
    const usual = url.protocol === 'https:' ? '443' : '80';
    const samePort = (url.port || usual) === (port || usual);
    return (
      samePort &&
      (wildcard ? url.hostname.endsWith(`.${host}`) : url.hostname === host)
    );
  };
}
