/** What a token says about itself. It is not verified: that is the backend's work. */
export interface TokenClaims {
  subject?: string;
  /** Milliseconds since the epoch. */
  expiresAt?: number;
}

/** Reads the claims of a JWT; other kinds of tokens say nothing. */
export function readClaims(token: string): TokenClaims {
  const [, payload] = token.split('.');
  if (!payload) {
    return {};
  }
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(payload, 'base64url').toString('utf8'),
    );
    if (typeof claims !== 'object' || claims === null) {
      return {};
    }
    const { sub, exp } = claims as { sub?: unknown; exp?: unknown };
    return {
      subject: typeof sub === 'string' ? sub : undefined,
      expiresAt: typeof exp === 'number' ? exp * 1000 : undefined,
    };
  } catch {
    return {};
  }
}
