import { AuditorService } from '@backstage/backend-plugin-api';
import { AuthenticationError, InputError } from '@backstage/errors';
import { JsonValue } from '@innominatus/backstage-plugin-innominatus-common';
import { Request } from 'express';
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { ProblemError } from '../http';
import { readBody } from '../http/readBody';
import { SignedRequest, verifyTimedSignature } from '../http/verifySignature';
import { RunService } from '../runs/types';
import { SecretStore } from '../secrets/types';
import { CallbackExpectations, CallbackRecord, CallbackStore } from './types';

const LARGEST_OUTPUTS = 64 * 1024;

const MISSING_SIGNATURE =
  'The report is not signed. Expected the headers "webhook-id", "webhook-timestamp" and "webhook-signature".';

const page = z
  .string()
  .max(2000)
  .refine(
    url => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol),
    'expected an address that begins with "https://"',
  );

const reportSchema = z.strictObject({
  status: z.enum(['running', 'succeeded', 'failed']),
  message: z.string().trim().min(1).max(500).optional(),
  link: z
    .strictObject({ url: page, title: z.string().min(1).max(200).optional() })
    .optional(),
  outputs: z.record(z.string().min(1).max(63), z.json()).optional(),
});

export interface CallbackReportsOptions {
  callbacks: CallbackStore;
  secrets: Pick<SecretStore, 'get' | 'put'>;
  runs: Pick<RunService, 'wake'>;
  auditor: AuditorService;
  expectationsOf: (resourceId: string) => Promise<CallbackExpectations>;
}

export interface ReceiveReportOptions {
  resourceId: string;
  signed: SignedRequest;
  /** For the audit. */
  request: Request;
}

/**
 * Takes reports of systems outside in.
 *
 * Who signs is known by the secret alone, so nothing is told before the
 * signature is right: whether there is such a resource, or what became of it.
 */
export class CallbackReports {
  readonly #options: CallbackReportsOptions;

  static create(options: CallbackReportsOptions): CallbackReports {
    return new CallbackReports(options);
  }

  private constructor(options: CallbackReportsOptions) {
    this.#options = options;
  }

  /** Answers whether the same was reported before. */
  async receive(options: ReceiveReportOptions): Promise<{ repeated: boolean }> {
    const { record, secret } = await this.#authenticate(options);
    const { resourceId, request, signed } = options;
    const event = await this.#options.auditor.createEvent({
      eventId: 'resource-callback',
      severityLevel: 'medium',
      request,
      meta: { resourceId, callbackId: record.id, runId: record.runId },
    });
    try {
      // Keyed, for the body may hold a secret that could be guessed.
      const digest = createHmac('sha256', secret)
        .update(signed.body)
        .digest('hex');
      const answer = await this.#take(record, signed.body, digest);
      await event.success({ meta: answer });
      return answer;
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error(String(error)),
      });
      throw error;
    }
  }

  async #authenticate(
    options: ReceiveReportOptions,
  ): Promise<{ record: CallbackRecord; secret: string }> {
    const { callbacks } = this.#options;
    const verify = (given: string[]) =>
      verifyTimedSignature(options.signed, {
        secrets: given,
        now: Date.now(),
        advice: 'Sign with the secret that came with this address.',
        missing: MISSING_SIGNATURE,
      });
    // Said before anything is looked up, and so the same of every address.
    const refusal = verify([]);
    if (refusal.ok || refusal.isHopeless) {
      throw new AuthenticationError(refusal.ok ? '' : refusal.message);
    }
    const unreadable: Error[] = [];
    for (const record of await callbacks.listOf(options.resourceId)) {
      const secret = await this.#secretOf(record, unreadable);
      if (secret !== undefined && verify([secret]).ok) {
        return { record, secret };
      }
    }
    if (unreadable.length > 0) {
      // Whoever signed it may be right, and should send it again.
      throw unreadable[0];
    }
    throw new AuthenticationError(refusal.message);
  }

  /** One that was forgotten with its run signs nothing any more. */
  async #secretOf(
    record: CallbackRecord,
    unreadable: Error[],
  ): Promise<string | undefined> {
    try {
      return await this.#options.secrets.get({ $secretRef: record.secretRef });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'NotFoundError') {
        unreadable.push(
          error instanceof Error ? error : new Error(String(error)),
        );
      }
      return undefined;
    }
  }

  async #take(
    record: CallbackRecord,
    body: Buffer,
    digest: string,
  ): Promise<{ repeated: boolean }> {
    const { callbacks, runs } = this.#options;
    if (record.digest === digest) {
      // The sender did not get our answer.
      await this.#wake(record, runs);
      return { repeated: true };
    }
    requireOpen(record);
    const { status, message, link, outputs = {} } = readReport(body);
    const isDone = status === 'succeeded';
    const taken = await callbacks.report(record, {
      status: status === 'running' ? 'open' : status,
      message,
      link,
      digest,
      at: Date.now(),
      ...(isDone ? { outputsRef: await this.#keep(record, outputs) } : {}),
    });
    if (!taken) {
      throw new ProblemError({
        status: 409,
        code: 'CALLBACK_CHANGED',
        message: 'Another report came at the same moment. Send this one again.',
      });
    }
    await this.#wake(taken, runs);
    return { repeated: false };
  }

  /** Whatever is reported may be secret, so all of it is encrypted. */
  async #keep(
    record: CallbackRecord,
    outputs: Record<string, JsonValue>,
  ): Promise<string> {
    const text = JSON.stringify(outputs);
    if (Buffer.byteLength(text) > LARGEST_OUTPUTS) {
      throw new InputError(
        `The outputs have ${Buffer.byteLength(text)} bytes, at most ${LARGEST_OUTPUTS} are allowed.`,
      );
    }
    const expected = await this.#options.expectationsOf(record.resourceId);
    const findings = expected.check(outputs);
    if (findings.length > 0) {
      throw new ProblemError({
        status: 422,
        code: 'CALLBACK_OUTPUTS_INVALID',
        message: `The outputs are not what the provider declares: ${findings.join('; ')}. The report was not taken; send it again with other outputs.`,
      });
    }
    const address = `run/${record.runId}/callback/${record.id}/${record.reports}`;
    const { $secretRef } = await this.#options.secrets.put(address, text);
    return $secretRef;
  }

  async #wake(
    record: CallbackRecord,
    runs: Pick<RunService, 'wake'>,
  ): Promise<void> {
    const { id, reports, waitingRunId, waitingStep } = record;
    if (waitingRunId !== undefined && waitingStep !== undefined) {
      await runs.wake({
        id: waitingRunId,
        step: waitingStep,
        signalId: `callback/${id}/${reports}`,
        by: 'innominatus',
      });
    }
  }
}

function requireOpen(record: CallbackRecord): void {
  if (record.status !== 'open') {
    throw new ProblemError({
      status: 409,
      code: 'CALLBACK_ANSWERED',
      message: `It was reported as ${record.status} already, which cannot be taken back.`,
    });
  }
  if (record.runEnded || record.expiresAt <= Date.now()) {
    throw new ProblemError({
      status: 410,
      code: 'CALLBACK_CLOSED',
      message: record.runEnded
        ? 'Nobody waits for this report any more: the run has ended. Deploy again to ask for the work once more.'
        : 'This report comes too late: its time is over. Deploy again to ask for the work once more.',
    });
  }
}

function readReport(body: Buffer): z.output<typeof reportSchema> {
  let report: unknown;
  try {
    report = JSON.parse(body.toString('utf8'));
  } catch {
    throw new InputError('The body of the request is not valid JSON.');
  }
  return readBody(reportSchema, report);
}
