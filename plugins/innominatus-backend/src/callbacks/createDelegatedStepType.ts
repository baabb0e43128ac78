import {
  JsonValue,
  OutsideLink,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  createStepType,
  StepContext,
  StepFailure,
  StepResult,
  StepWait,
} from '@innominatus/backstage-plugin-innominatus-node';
import { SecretStore } from '../secrets/types';
import { HostAllowList } from '../stepTypes/hostAllowList';
import {
  DelegatedConfig,
  delegatedSchema,
  pauseMs,
  waitMs,
} from './delegatedConfig';
import { pollOutside } from './pollOutside';
import { CallbackExpectations, CallbackRecord, CallbackStore } from './types';

export interface DelegatedStepTypeOptions {
  callbacks: CallbackStore;
  secrets: Pick<SecretStore, 'get'>;
  /** Hosts that steps may call. */
  allowList: HostAllowList;
  expectationsOf: (resourceId: string) => Promise<CallbackExpectations>;
}

/**
 * Step type that waits for a system outside: for its report, by asking it now
 * and then, or both. The waiting needs no worker and outlives any restart.
 */
export function createDelegatedStepType(options: DelegatedStepTypeOptions) {
  return createStepType({
    name: 'delegated',
    description:
      'Waits until a system outside has done its part, by its report or by asking it',
    schema: delegatedSchema,
    effects: 'none',
    onInterrupt: 'resume',
    defaultTimeoutMs: 5 * 60_000,
    async run(context): Promise<StepResult> {
      const { config, signal, log } = context;
      // The system outside is told by the steps that clean up, if it can be.
      signal.throwIfAborted();
      const reported = await look(context, options);
      if (reported.result) {
        return reported.result;
      }
      const polled =
        config.poll &&
        (await pollOutside(context, config.poll, options.allowList));
      if (polled?.kind === 'succeeded') {
        return { outputs: polled.outputs, sensitive: config.sensitive };
      }
      if (polled?.kind === 'failed') {
        throw refused(config, polled.message);
      }
      if (!context.resumed) {
        log.info(`Waiting for ${whom(config)}`);
      }
      const link = linkOf(config, reported.link ?? toLink(polled?.link));
      throw new StepWait({
        message:
          reported.message ??
          polled?.message ??
          config.message ??
          `Waits for ${whom(config)}.`,
        ...(link ? { link } : {}),
        ...(config.poll ? { lookAfterMs: pauseMs(config.poll) } : {}),
        expiresAfterMs: waitMs(config),
      });
    },
  });
}

interface Reported {
  result?: StepResult;
  message?: string;
  link?: OutsideLink;
}

/** What was reported so far. */
async function look(
  context: StepContext<DelegatedConfig>,
  options: DelegatedStepTypeOptions,
): Promise<Reported> {
  const { config, run, step, log } = context;
  if (config.callback === undefined) {
    return {};
  }
  const record = await options.callbacks.await({
    id: config.callback,
    runId: run.id,
    step: step.name,
    expiresAt: Date.now() + waitMs(config),
  });
  if (!record) {
    throw new StepFailure(
      'The value of "config.callback" is not the "id" of a step of type "callback" in the same workflow. Expected for example "${callback.id}".',
      { code: 'CALLBACK_UNKNOWN' },
    );
  }
  if (record.status === 'failed') {
    throw refused(config, record.message);
  }
  if (record.status === 'succeeded') {
    log.info(record.message ?? 'Reported as done');
    return { result: await resultOf(record, config, options) };
  }
  if (record.message && context.resumed) {
    log.info(record.message);
  }
  return { message: record.message, link: record.link };
}

async function resultOf(
  record: CallbackRecord,
  config: DelegatedConfig,
  { secrets, expectationsOf }: DelegatedStepTypeOptions,
): Promise<StepResult> {
  const outputs: Record<string, JsonValue> =
    record.outputsRef === undefined
      ? {}
      : JSON.parse(await secrets.get({ $secretRef: record.outputsRef }));
  const { sensitive } = await expectationsOf(record.resourceId);
  return {
    outputs,
    sensitive: [...(config.sensitive ?? []), ...sensitive],
  };
}

function refused(
  config: DelegatedConfig,
  message: string | undefined,
): StepFailure {
  const who = whom(config);
  return new StepFailure(
    message
      ? `Not done by ${who}: ${message}`
      : `Not done by ${who}, and no reason was given.`,
    { code: 'DELEGATED_FAILED' },
  );
}

function whom({ title }: DelegatedConfig): string {
  return title ? `"${title}"` : 'a system outside';
}

function toLink(url: string | undefined): OutsideLink | undefined {
  return url === undefined ? undefined : { url };
}

function linkOf(
  config: DelegatedConfig,
  said: OutsideLink | undefined,
): OutsideLink | undefined {
  const url = said?.url ?? config.link;
  const title = said?.title ?? config.title;
  return url === undefined ? undefined : { url, ...(title ? { title } : {}) };
}
