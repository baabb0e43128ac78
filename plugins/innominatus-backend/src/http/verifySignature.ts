import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How far the time of a signed request may be away from ours. */
const TOLERANCE_MS = 5 * 60_000;
const MOST_SIGNATURES = 10;

export interface SignedRequest {
  body: Buffer;
  /** One header by its name in lower case. */
  header(name: string): string | undefined;
}

export type SignatureVerdict =
  | {
      ok: true;
      /** The same for the same signed content: whoever sends it again. */
      digest: string;
    }
  | {
      ok: false;
      message: string;
      /** No secret could make it right. */
      isHopeless: boolean;
    };

export interface VerifySignatureOptions {
  secrets: readonly string[];
  now: number;
  /** What to do about a signature that is not right, in one sentence. */
  advice: string;
}

/**
 * Checks who sent a request as Standard Webhooks say, with `webhook-id`,
 * `webhook-timestamp` and `webhook-signature`. An old request is refused.
 */
export function verifyTimedSignature(
  request: SignedRequest,
  options: VerifySignatureOptions & { missing: string },
): SignatureVerdict {
  const id = request.header('webhook-id');
  const timestamp = request.header('webhook-timestamp');
  const signatures = request.header('webhook-signature');
  if (!id || !timestamp || !signatures) {
    return { ok: false, message: options.missing, isHopeless: true };
  }
  // What is signed is "id.timestamp.body": each part has to end where it seems to.
  if (!/^[^.]{1,255}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) {
    return {
      ok: false,
      message:
        'Expected an id without "." in "webhook-id", and seconds since 1970 in "webhook-timestamp".',
      isHopeless: true,
    };
  }
  const at = Number(timestamp) * 1000;
  if (!(Math.abs(options.now - at) <= TOLERANCE_MS)) {
    return {
      ok: false,
      message: `The time in "webhook-timestamp" is more than ${TOLERANCE_MS / 60_000} minutes away. Check the clock of the sender.`,
      isHopeless: true,
    };
  }
  const given = signatures
    .split(' ')
    .filter(part => part.startsWith('v1,'))
    .slice(0, MOST_SIGNATURES)
    .map(part => Buffer.from(part.slice(3), 'base64'));
  const content = Buffer.concat([
    Buffer.from(`${id}.${timestamp}.`),
    request.body,
  ]);
  return verifyContent(content, given, options);
}

/**
 * Every secret is tried and compared in constant time, so that the time an
 * answer takes says nothing about any of them.
 */
export function verifyContent(
  content: Buffer,
  given: Buffer[],
  { secrets, advice }: Pick<VerifySignatureOptions, 'secrets' | 'advice'>,
): SignatureVerdict {
  let matches = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', keyOf(secret))
      .update(content)
      .digest();
    for (const signature of given) {
      matches =
        (signature.length === expected.length &&
          timingSafeEqual(signature, expected)) ||
        matches;
    }
  }
  return matches
    ? { ok: true, digest: createHash('sha256').update(content).digest('hex') }
    : {
        ok: false,
        message: `The signature is not right. ${advice}`,
        isHopeless: false,
      };
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret);
}
