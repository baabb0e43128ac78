import { ExitCode } from './exitCodes';

/**
 * Thrown when a command cannot go on. It carries what the person sees: one
 * sentence on what is wrong and the one next step.
 */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly next?: string;

  constructor(
    message: string,
    options: { exitCode?: ExitCode; next?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.exitCode = options.exitCode ?? ExitCode.failed;
    this.next = options.next;
  }
}

/** Thrown when the command line is wrong; nothing was done. */
export class UsageError extends CliError {
  constructor(message: string, options: { next?: string } = {}) {
    super(message, { exitCode: ExitCode.wrongCall, next: options.next });
    this.name = 'UsageError';
  }
}

/** Thrown when the backend cannot be reached at all. */
export class ConnectionError extends CliError {
  constructor(url: string, cause: unknown) {
    super(`Cannot reach innominatus at ${url}: ${reasonOf(cause)}.`, {
      cause,
      next: isLocal(url)
        ? 'Start the portal with "npm start" in the checkout and wait until it says that it is ready, or name another one with --url.'
        : 'Check the address (innominatus context list), the network and whether the portal runs.',
    });
    this.name = 'ConnectionError';
  }
}

/** Tells whether a URL points to this machine. */
export function isLocal(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be resolved now',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'there is no way to that host',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_SOCKET: 'the connection was cut',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is self-signed (NODE_EXTRA_CA_CERTS names more authorities)',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate authority is not known (NODE_EXTRA_CA_CERTS names more)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate authority is not known (NODE_EXTRA_CA_CERTS names more)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

function reasonOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') {
      return REASONS[code] ?? code;
    }
  }
  return error instanceof Error ? error.message : String(error);
}
