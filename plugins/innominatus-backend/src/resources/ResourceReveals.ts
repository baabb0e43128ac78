import { AuditorService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  RevealedOutput,
  isSecretReference,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Request } from 'express';
import { Knex } from 'knex';
import { newId, toTimestamp } from '../database';
import { SecretStore } from '../secrets/types';
import { ResourceRecord } from './types';

export interface RevealOptions {
  record: ResourceRecord;
  output: string;
  reason: string;
  by: string;
  request: Request;
}

/**
 * Shows secret outputs to people, and keeps who was shown what and why.
 *
 * The record is written first: what cannot be recorded is not shown.
 */
export class ResourceReveals {
  readonly #knex: Knex;
  readonly #secrets: Pick<SecretStore, 'get'>;
  readonly #auditor: AuditorService;

  static create(options: {
    knex: Knex;
    secrets: Pick<SecretStore, 'get'>;
    auditor: AuditorService;
  }): ResourceReveals {
    return new ResourceReveals(options);
  }

  private constructor(options: {
    knex: Knex;
    secrets: Pick<SecretStore, 'get'>;
    auditor: AuditorService;
  }) {
    this.#knex = options.knex;
    this.#secrets = options.secrets;
    this.#auditor = options.auditor;
  }

  async reveal(options: RevealOptions): Promise<RevealedOutput> {
    const { record, output, reason, by, request } = options;
    if (!Object.hasOwn(record.outputs, output)) {
      const names = Object.keys(record.outputs);
      throw new NotFoundError(
        `The resource "${record.uid}" has no output "${output}". Its outputs are: ${names.map(name => `"${name}"`).join(', ') || 'none'}.`,
      );
    }
    const reference = record.outputs[output];
    if (!isSecretReference(reference)) {
      throw new InputError(
        `The output "${output}" of the resource "${record.uid}" is no secret; the resource itself shows it.`,
      );
    }
    const event = await this.#auditor.createEvent({
      eventId: 'resource-reveal',
      severityLevel: 'high',
      request,
      meta: { resourceId: record.id, uid: record.uid, output, reason },
    });
    try {
      const now = Date.now();
      await this.#knex('resource_reveals').insert({
        id: newId(now),
        resource_id: record.id,
        output,
        reason,
        by,
        at: now,
      });
      const value = await this.#secrets.get(reference);
      await event.success();
      return { output, value, revealedAt: toTimestamp(now) };
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error(String(error)),
      });
      throw error;
    }
  }
}
