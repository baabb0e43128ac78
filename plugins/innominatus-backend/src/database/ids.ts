import { createHash, randomBytes } from 'node:crypto';

/** A UUIDv7: sorts by the time it was made. */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return format(bytes, 7);
}

/**
 * An id that is always the same for the same text, in the form of a UUID
 * (version 8, own scheme): the first half of its SHA-256.
 */
export function derivedId(text: string): string {
  return format(createHash('sha256').update(text).digest().subarray(0, 16), 8);
}

function format(source: Uint8Array, version: number): string {
  const bytes = Buffer.from(source);
  bytes[6] = (bytes[6] % 16) + version * 16;
  bytes[8] = (bytes[8] % 64) + 128;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
