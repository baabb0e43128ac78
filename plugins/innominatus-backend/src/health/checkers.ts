import { HEALTH_CHECK_CONFIGS } from '@innominatus/backstage-plugin-innominatus-common';
import {
  HealthCheckResult,
  HealthChecker,
  StepFailure,
  createHealthChecker,
} from '@innominatus/backstage-plugin-innominatus-node';
import { IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { HostGuard } from './HostGuard';

const MAX_REDIRECTS = 3;
const MAX_BODY_BYTES = 64 * 1024;

/** The checks over the network that need no module. */
export function createNetworkCheckers(guard: HostGuard): HealthChecker[] {
  return [createHttpChecker(guard), createTcpChecker(guard)];
}

function createHttpChecker(guard: HostGuard): HealthChecker {
  return createHealthChecker({
    name: 'http',
    description: 'Sends a request and looks at the status',
    schema: HEALTH_CHECK_CONFIGS.http,
    async check({ config, resource, signal }) {
      let url = readUrl(config.url);
      const first = url;
      for (let redirects = 0; ; redirects += 1) {
        const answer = await send(url, {
          method: config.method,
          guard,
          outputs: resource.outputs,
          signal,
          reads: config.bodyContains !== undefined,
        });
        if ('problem' in answer) {
          return unhealthy(`${url.host} does not answer: ${answer.problem}.`);
        }
        const { status, location, body } = answer;
        const expected = config.expectStatus;
        const isRedirect = location !== undefined && status >= 300;
        if (isRedirect && !expected?.includes(status)) {
          const target = URL.canParse(location, url)
            ? new URL(location, url)
            : undefined;
          // Another host was never checked, and is another thing.
          if (target?.host !== first.host || redirects >= MAX_REDIRECTS) {
            return unhealthy(
              `${first.host} redirects ${target?.host === first.host ? 'too often' : 'to another host'}.`,
            );
          }
          url = target;
          continue;
        }
        const isGood = expected
          ? expected.includes(status)
          : status >= 200 && status < 400;
        if (!isGood) {
          return unhealthy(`${url.host} answers ${status}.`);
        }
        if (
          config.bodyContains !== undefined &&
          !body.includes(config.bodyContains)
        ) {
          return unhealthy(
            `The answer of ${url.host} does not contain the expected text.`,
          );
        }
        return { status: 'healthy', message: `${url.host} answers ${status}.` };
      }
    },
  });
}

function createTcpChecker(guard: HostGuard): HealthChecker {
  return createHealthChecker({
    name: 'tcp',
    description: 'Opens a connection',
    schema: HEALTH_CHECK_CONFIGS.tcp,
    async check({ config, resource, signal }) {
      const { host } = config;
      const port = Number(config.port);
      if (!Number.isInteger(port) || port < 1 || port > 65535) {
        throw new StepFailure(`"${config.port}" is not a port.`, {
          code: 'CONFIG_INVALID',
        });
      }
      const { lookup } = guard.check({ host, port, outputs: resource.outputs });
      return new Promise((resolve, reject) => {
        const socket = connect({ host, port, lookup, signal });
        socket.once('connect', () => {
          socket.destroy();
          resolve({
            status: 'healthy',
            message: `${host}:${port} accepts connections.`,
          });
        });
        socket.on('error', error => {
          socket.destroy();
          if (error instanceof StepFailure || signal.aborted) {
            reject(error);
          } else {
            resolve(
              unhealthy(
                `${host}:${port} accepts no connection: ${reasonOf(error)}.`,
              ),
            );
          }
        });
      });
    },
  });
}

type Answer =
  { status: number; location?: string; body: string } | { problem: string };

function send(
  url: URL,
  options: {
    method: string;
    guard: HostGuard;
    outputs: Parameters<HostGuard['check']>[0]['outputs'];
    signal: AbortSignal;
    reads: boolean;
  },
): Promise<Answer> {
  const { method, guard, outputs, signal, reads } = options;
  const isSecure = url.protocol === 'https:';
  const { lookup } = guard.check({
    host: url.hostname,
    port: Number(url.port || (isSecure ? 443 : 80)),
    outputs,
  });
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)(
      url,
      // A connection of its own: what was checked is what is used.
      { method, lookup, signal, agent: false },
      response => {
        const { statusCode = 0, headers } = response;
        // What comes after the answer concerns nobody, such as the end of the time.
        response.on('error', () => {});
        const answered = (body: string) =>
          resolve({ status: statusCode, location: headers.location, body });
        if (reads) {
          readStart(response).then(answered, reject);
        } else {
          response.destroy();
          answered('');
        }
      },
    );
    request.on('error', error => {
      if (error instanceof StepFailure || signal.aborted) {
        reject(error);
      } else {
        resolve({ problem: reasonOf(error) });
      }
    });
    request.end();
  });
}

/** Only so much as may be needed: the other side decides how much there is. */
async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_BODY_BYTES) {
      response.destroy();
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new StepFailure(
      'The URL of the health check cannot be used. Expected for example "https://${outputs.host}/health".',
      { code: 'CONFIG_INVALID' },
    );
  }
  if (url.username || url.password) {
    throw new StepFailure(
      'The URL of the health check holds a user name or password, which it may not.',
      { code: 'CONFIG_INVALID' },
    );
  }
  return url;
}

function unhealthy(message: string): HealthCheckResult {
  return { status: 'unhealthy', message };
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be resolved now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no answer in time',
};

/** By its code: messages hold addresses that change from check to check. */
function reasonOf(error: Error & { code?: string; errors?: Error[] }): string {
  const code =
    error.code ?? (error.errors?.[0] as { code?: string } | undefined)?.code;
  return code === undefined ? 'the connection failed' : (REASONS[code] ?? code);
}
