import { canonicalJson } from '@innominatus/backstage-plugin-innominatus-common';
import { createHash } from 'node:crypto';

/** Hash of a value that does not depend on the order of its keys. */
export function sha256Of(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
