import { createHash } from 'node:crypto';
import { Knex } from 'knex';
import {
  derivedId,
  fromOptionalJson,
  nowMs,
  nowPlusMs,
  toOptionalJson,
} from '../database';
import { ProblemError } from './ProblemError';

const KEY = /^[\x21-\x7e]{1,255}$/;
const KEEP_MS = 24 * 60 * 60 * 1000;
const PRUNE_EVERY_MS = 60 * 60 * 1000;
/** A first request without an answer for this long belongs to a dead process. */
const ABANDONED_MS = 60 * 1000;

export interface IdempotentRequest {
  /** Header `Idempotency-Key`; without it the work is simply done. */
  key: string | undefined;
  /** Who asks; the same key of someone else is another key. */
  principal: string;
  /** Method and path, for example `POST /golden-paths/deploy-app/runs`. */
  route: string;
  body: unknown;
}

export interface IdempotentAnswer {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

/**
 * Answers a request that is sent again with the answer of the first time.
 *
 * The answer is recorded after the work. Should the process die in between, the
 * work is done again when the request comes back; it gets the same `id` then,
 * so that work that is named by it starts only once.
 */
export class IdempotentRequests {
  readonly #knex: Knex;
  #prunedAt = 0;

  static create(knex: Knex): IdempotentRequests {
    return new IdempotentRequests(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async handle(
    request: IdempotentRequest,
    work: (options: { id: string | undefined }) => Promise<IdempotentAnswer>,
  ): Promise<IdempotentAnswer> {
    if (request.key === undefined) {
      return work({ id: undefined });
    }
    if (!KEY.test(request.key)) {
      throw new ProblemError({
        status: 400,
        code: 'IDEMPOTENCY_KEY_INVALID',
        message:
          'The header "Idempotency-Key" has to be 1 to 255 printable ASCII characters without spaces, for example a UUID.',
      });
    }
    const { principal, route } = request;
    const key = sha256(JSON.stringify([principal, route, request.key]));
    const bodyHash = sha256(JSON.stringify(request.body ?? null));
    await this.#prune();
    const earlier = await this.#begin(key, bodyHash);
    if (earlier) {
      return earlier;
    }
    try {
      const answer = await work({ id: derivedId(key) });
      await this.#knex('idempotency_keys')
        .where({ key })
        .update({
          status: answer.status,
          headers: toOptionalJson(answer.headers),
          body: toOptionalJson(answer.body),
        });
      return answer;
    } catch (error) {
      // Nothing was started, so the caller may try again.
      await this.#knex('idempotency_keys').where({ key }).delete();
      throw error;
    }
  }

  /** Answers what was answered before, or nothing when the work is ours. */
  async #begin(
    key: string,
    bodyHash: string,
  ): Promise<IdempotentAnswer | undefined> {
    const created_at = nowMs(this.#knex);
    const inserted = await this.#knex('idempotency_keys')
      .insert({ key, body_hash: bodyHash, created_at })
      .onConflict('key')
      .ignore()
      .returning('key');
    if (inserted.length > 0) {
      return undefined;
    }
    const row: IdempotencyRow | undefined = await this.#knex('idempotency_keys')
      .where({ key })
      .first();
    if (row && row.body_hash !== bodyHash) {
      throw new ProblemError({
        status: 422,
        code: 'IDEMPOTENCY_KEY_REUSED',
        message:
          'The "Idempotency-Key" was used for another request before. Use a new key for a new request.',
      });
    }
    if (row && row.status !== null) {
      return {
        status: row.status,
        headers: fromOptionalJson(row.headers),
        body: fromOptionalJson(row.body),
      };
    }
    const takenOver = await this.#knex('idempotency_keys')
      .where({ key })
      .whereNull('status')
      .where('created_at', '<', nowPlusMs(this.#knex, -ABANDONED_MS))
      .update({ created_at });
    if (takenOver === 1) {
      return undefined;
    }
    throw new ProblemError({
      status: 409,
      code: 'IDEMPOTENCY_IN_PROGRESS',
      message:
        'The first request with this "Idempotency-Key" is still in progress. Send it again in a moment.',
      retryAfterSeconds: 1,
    });
  }

  async #prune(): Promise<void> {
    if (performance.now() - this.#prunedAt < PRUNE_EVERY_MS && this.#prunedAt) {
      return;
    }
    this.#prunedAt = performance.now();
    await this.#knex('idempotency_keys')
      .where('created_at', '<', nowPlusMs(this.#knex, -KEEP_MS))
      .delete();
  }
}

interface IdempotencyRow {
  body_hash: string;
  status: number | null;
  headers: string | null;
  body: string | null;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
