import { spawnSync } from 'node:child_process';
import { PlainError } from './log.mjs';

const NETWORK =
  /E(NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|AI_AGAIN|HOSTUNREACH|NETUNREACH)|network|socket hang up|ERR_SOCKET_TIMEOUT/i;
const CERTIFICATE =
  /SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_|certificate|UNABLE_TO_GET_ISSUER/i;

/** Turns what npm or Yarn printed into one sentence that says what to do. */
export function explainFailure(output) {
  if (/ENOSPC|no space left/i.test(output)) {
    return 'The disk is full. Free some space and run the command again; it goes on where it stopped.';
  }
  if (CERTIFICATE.test(output)) {
    return 'The npm registry shows a certificate that this machine does not trust. If your company has its own CA, tell npm about it with "npm config set cafile <file>" and run the command again.';
  }
  if (NETWORK.test(output)) {
    return 'The npm registry cannot be reached. See "npm config get registry", check the network and the proxy settings, and run the command again.';
  }
  if (
    /\bE40[13]\b|Response Code:.*40[13]|\b40[13] (Unauthorized|Forbidden)/.test(
      output,
    )
  ) {
    return 'The npm registry refused the request. See "npm config get registry" and sign in with "npm login" if it needs that.';
  }
  return undefined;
}

/**
 * Runs npm in a folder and returns what it printed.
 * Never with --prefix: that moves npm's global settings too, and loses the CA file set there.
 */
export function npm(cwd, args) {
  const result = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  if (result.error?.code === 'ENOENT') {
    throw new PlainError(
      'The program "npm" was not found on PATH. Install Node 18 or newer together with npm, for example from your system\'s packages, and run the command again.',
    );
  }
  if (result.status !== 0) {
    const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
    const why = explainFailure(output);
    throw new PlainError(
      `"npm ${args.join(' ')}" failed.\n${output.trim()}${
        why ? `\n\n${why}` : ''
      }`,
    );
  }
  return result.stdout.trim();
}
