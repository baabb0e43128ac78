import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';

const ROOT = 'innominatus.engine.restate';
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const IDENTITY_KEY = /^publickeyv1_[1-9A-HJ-NP-Za-km-z]{32,64}$/;
const PREFIX = /^[A-Za-z][A-Za-z0-9-]{0,40}$/;

/** What the runtime needs to know. */
export interface RestateOptions {
  ingressUrl: string;
  adminUrl?: string;
  advertisedUrl?: string;
  listen: { host: string; port: number };
  identityKeys: string[];
  servicePrefix: string;
  token?: string;
  timeoutMs: number;
}

/** Reads `innominatus.engine.restate`. */
export function readRestateConfig(config: Config): RestateOptions {
  const restate = config.getOptionalConfig(ROOT);
  if (!restate) {
    throw new Error(
      `The configuration has no "${ROOT}". The runtime "restate" needs at least "ingressUrl" there, for example "http://localhost:8080".`,
    );
  }
  const listen = {
    host: restate.getOptionalString('listen.host') ?? '127.0.0.1',
    port: readPort(restate.getOptionalNumber('listen.port') ?? 9080),
  };
  const identityKeys = restate.getOptionalStringArray('identityKeys') ?? [];
  for (const [i, key] of identityKeys.entries()) {
    if (!IDENTITY_KEY.test(key)) {
      throw new Error(
        `The value of "${ROOT}.identityKeys[${i}]" is not a public key of Restate. Expected "publickeyv1_…", as Restate prints it when it starts.`,
      );
    }
  }
  if (identityKeys.length === 0 && !LOOPBACK.has(listen.host)) {
    throw new Error(
      `"${ROOT}.listen.host" is "${listen.host}", so that others than Restate could have steps run. Set "${ROOT}.identityKeys", or listen on 127.0.0.1.`,
    );
  }
  const servicePrefix =
    restate.getOptionalString('servicePrefix') ?? 'innominatus';
  if (!PREFIX.test(servicePrefix)) {
    throw new Error(
      `The value of "${ROOT}.servicePrefix" is "${servicePrefix}", expected a letter and then letters, digits or "-", at most 41.`,
    );
  }
  return {
    ingressUrl: readUrl(restate.getString('ingressUrl'), 'ingressUrl'),
    adminUrl: readOptionalUrl(restate, 'adminUrl'),
    advertisedUrl: readOptionalUrl(restate, 'advertisedUrl'),
    listen,
    identityKeys,
    servicePrefix,
    token: restate.getOptionalString('token'),
    timeoutMs: restate.has('timeout')
      ? durationToMilliseconds(
          readDurationFromConfig(restate, { key: 'timeout' }),
        )
      : 10_000,
  };
}

/** 0 takes any free port, for tests. */
function readPort(port: number): number {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(
      `The value of "${ROOT}.listen.port" is ${port}, expected a port, for example 9080.`,
    );
  }
  return port;
}

function readOptionalUrl(config: Config, key: string): string | undefined {
  const value = config.getOptionalString(key);
  return value === undefined ? undefined : readUrl(value, key);
}

function readUrl(value: string, key: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new Error(
      `The value of "${ROOT}.${key}" is "${value}", expected a URL that begins with http:// or https://.`,
    );
  }
  return value.replace(/\/+$/, '');
}
