import { InputError } from '@backstage/errors';
import { Request } from 'express';
import { readInteger } from '../http';

/**
 * Where a stream goes on: `Last-Event-ID`, which browsers send when they come
 * back, before `?after=`, which stays in the URL.
 */
export function readPosition(
  request: Request,
  query: Map<string, string>,
): number | undefined {
  const after = readInteger(query, 'after', {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  const lastId = request.header('last-event-id');
  if (!lastId) {
    return after;
  }
  if (!/^\d{1,15}$/.test(lastId)) {
    throw new InputError(
      `The header "Last-Event-ID" is "${lastId}", expected the id of an event of this stream.`,
    );
  }
  return Number(lastId);
}
