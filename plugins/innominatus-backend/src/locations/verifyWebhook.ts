import {
  SignatureVerdict,
  SignedRequest,
  verifyContent,
  verifyTimedSignature,
} from '../http/verifySignature';

const ADVICE =
  'Give the sender one of the secrets in "innominatus.locationWebhook.secrets".';

/**
 * Checks who sent a request: with `X-Hub-Signature-256` as GitHub, Gitea and
 * Forgejo sign, or as Standard Webhooks say, with `webhook-id`,
 * `webhook-timestamp` and `webhook-signature`.
 */
export function verifyWebhook(
  request: SignedRequest,
  options: { secrets: readonly string[]; now: number },
): SignatureVerdict {
  const hub = request.header('x-hub-signature-256');
  if (hub !== undefined) {
    const given = [Buffer.from(hub.replace(/^sha256=/, ''), 'hex')];
    return verifyContent(request.body, given, {
      secrets: options.secrets,
      advice: ADVICE,
    });
  }
  return verifyTimedSignature(request, {
    ...options,
    advice: ADVICE,
    missing:
      'The request is not signed. Expected the header "X-Hub-Signature-256", or "webhook-id", "webhook-timestamp" and "webhook-signature".',
  });
}
