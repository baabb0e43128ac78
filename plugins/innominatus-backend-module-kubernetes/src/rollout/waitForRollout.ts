import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import {
  ClusterClient,
  describe,
  LiveObject,
  ObjectReference,
} from '../cluster/ClusterClient';
import { StepLog } from '../operations/types';
import { explainEvents, explainPods } from './explainPods';
import { RolloutStatus, rolloutStatus } from './rolloutStatus';

const DEFAULT_POLL_MS = 1_000;
const MAX_PODS = 50;
const MAX_EVENTS = 500;
const SHOWN_EVENTS = 5;
/** The API server may be restarted while a rollout goes on. */
const MAX_FAILED_READS = 10;

export interface WaitOptions {
  client: ClusterClient;
  objects: readonly ObjectReference[];
  timeoutMs: number;
  signal: AbortSignal;
  log: StepLog;
  pollMs?: number;
}

/**
 * Waits until all objects are rolled out and says on the way what changes.
 * One that fails, or is not done in time, ends the step with what the cluster
 * says about its pods.
 */
export async function waitForRollout(options: WaitOptions): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  const waiting = options.objects.map(reference => new Rollout(reference));
  let failedReads = 0;
  for (;;) {
    for (const rollout of waiting.filter(({ isDone }) => !isDone)) {
      try {
        await rollout.check(options);
        failedReads = 0;
      } catch (error) {
        options.signal.throwIfAborted();
        failedReads += 1;
        if (!isTransient(error) || failedReads > MAX_FAILED_READS) {
          throw error;
        }
        options.log.warn(`${(error as Error).message} Trying again.`);
      }
    }
    const open = waiting.filter(({ isDone }) => !isDone);
    if (open.length === 0) {
      return;
    }
    if (Date.now() >= deadline) {
      await failRollout(
        open[0],
        options,
        `in ${formatDuration(options.timeoutMs)}`,
      );
    }
    await sleep(options.pollMs ?? DEFAULT_POLL_MS, undefined, {
      signal: options.signal,
    });
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof StepFailure && error.transient;
}

class Rollout {
  readonly reference: ObjectReference;
  isDone = false;
  last: RolloutStatus | undefined;
  live: LiveObject | undefined;
  readonly #said = new Set<string>();

  constructor(reference: ObjectReference) {
    this.reference = reference;
  }

  async check(options: WaitOptions): Promise<void> {
    this.live = await options.client.read(this.reference);
    if (this.live === undefined) {
      throw new StepFailure(
        `${describe(this.reference)} does not exist any more, so there is nothing to wait for.`,
        { code: 'KUBERNETES_NOT_FOUND' },
      );
    }
    const status = rolloutStatus(this.live);
    if (status === undefined || status.state === 'done') {
      this.isDone = true;
    }
    if (status !== undefined && status.text !== this.last?.text) {
      options.log.info(`${describe(this.reference)} ${status.text}.`);
    }
    this.last = status;
    if (status?.state === 'failed') {
      await failRollout(this, options, undefined);
    }
    if (!this.isDone) {
      await this.#warn(options);
    }
  }

  /** Trouble with pods may go away by itself; it is said once, as it shows. */
  async #warn(options: WaitOptions): Promise<void> {
    const pods = await podsOf(this, options.client);
    for (const sentence of explainPods(pods)) {
      const trouble = sentence.replace(/^Pod "[^"]*"/, '');
      if (!this.#said.has(trouble) && !sentence.includes('not ready')) {
        this.#said.add(trouble);
        options.log.warn(sentence);
      }
    }
  }
}

async function failRollout(
  rollout: Rollout,
  options: WaitOptions,
  within: string | undefined,
): Promise<never> {
  const { client, log } = options;
  const pods = await podsOf(rollout, client).catch(() => []);
  const reasons = explainPods(pods);
  const replicaFailure = (
    (rollout.live?.status?.conditions ?? []) as Array<Record<string, string>>
  ).find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (replicaFailure !== undefined) {
    reasons.unshift(`No pod could be made: ${replicaFailure.message}`);
  }
  const events = await eventsOf(rollout, pods, client).catch(() => []);
  for (const line of [...reasons, ...explainEvents(events, SHOWN_EVENTS)]) {
    log.error(line);
  }
  const subject = describe(rollout.reference);
  const what =
    within === undefined
      ? `${subject} ${rollout.last?.text}`
      : `${subject} was not rolled out ${within}; it ${rollout.last?.text ?? 'did not answer'}`;
  throw new StepFailure(
    `${what.replace(/\.$/, '')}. ${reasons[0] ?? 'The cluster gives no reason; look at the events of the namespace.'}`,
    { code: 'KUBERNETES_ROLLOUT_FAILED' },
  );
}

async function podsOf(
  rollout: Rollout,
  client: ClusterClient,
): Promise<LiveObject[]> {
  const { metadata, spec } = rollout.live ?? {};
  const selector = spec?.selector as
    { matchLabels?: Record<string, string> } | undefined;
  const labels = Object.entries(selector?.matchLabels ?? {});
  if (labels.length === 0 || metadata?.namespace === undefined) {
    return [];
  }
  const pods = await client.list({
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: metadata.namespace,
    labelSelector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    limit: MAX_PODS,
  });
  return pods.filter(pod => pod.metadata.deletionTimestamp === undefined);
}

async function eventsOf(
  rollout: Rollout,
  pods: LiveObject[],
  client: ClusterClient,
): Promise<LiveObject[]> {
  const { namespace, name } = rollout.reference.metadata;
  if (namespace === undefined) {
    return [];
  }
  const events = await client.list({
    apiVersion: 'v1',
    kind: 'Event',
    namespace,
    fieldSelector: 'type=Warning',
    limit: MAX_EVENTS,
  });
  const names = new Set([name, ...pods.map(pod => pod.metadata.name)]);
  return events.filter(event => {
    const about = event.involvedObject as { name?: string } | undefined;
    return (
      names.has(about?.name ?? '') ||
      // ReplicaSets stand between a Deployment and its pods.
      about?.name?.startsWith(`${name}-`) === true
    );
  });
}
