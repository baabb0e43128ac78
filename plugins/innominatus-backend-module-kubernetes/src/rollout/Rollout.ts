import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import {
  ClusterClient,
  describe,
  LiveObject,
  ObjectReference,
} from '../cluster/ClusterClient';
import { StepLog } from '../operations/types';
import { explainEvents, explainPods, explainPodTroubles } from './explainPods';
import { condition, RolloutStatus, rolloutStatus } from './rolloutStatus';

const MAX_PODS = 50;
const MAX_EVENTS = 500;
const SHOWN_EVENTS = 5;

/** What looking at a rollout needs. */
export interface RolloutOptions {
  client: ClusterClient;
  log: StepLog;
}

/** One object on its way, and what was said about it so far. */
export class Rollout {
  readonly reference: ObjectReference;
  #isDone = false;
  #last: RolloutStatus | undefined;
  #live: LiveObject | undefined;
  readonly #said = new Set<string>();

  constructor(reference: ObjectReference) {
    this.reference = reference;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Looks once; throws when the rollout has failed. */
  async check(options: RolloutOptions): Promise<void> {
    this.#live = await options.client.read(this.reference);
    if (this.#live === undefined) {
      throw new StepFailure(
        `${describe(this.reference)} does not exist any more, so there is nothing to wait for.`,
        { code: 'KUBERNETES_NOT_FOUND' },
      );
    }
    const status = rolloutStatus(this.#live);
    if (status === undefined || status.state === 'done') {
      this.#isDone = true;
    }
    if (status !== undefined && status.text !== this.#last?.text) {
      options.log.info(`${describe(this.reference)} ${status.text}.`);
    }
    this.#last = status;
    if (status?.state === 'failed') {
      await this.fail(options);
    }
    if (!this.#isDone) {
      await this.#warn(options);
    }
  }

  /** Trouble with pods may go away by itself; it is said once, as it shows. */
  async #warn(options: RolloutOptions): Promise<void> {
    // Credentials may not show pods; the rollout itself still tells its end.
    const pods = await podsOf(this.#live, options.client).catch(() => []);
    for (const sentence of explainPodTroubles(pods)) {
      const trouble = sentence.replace(/^Pod "[^"]*"/, '');
      if (!this.#said.has(trouble)) {
        this.#said.add(trouble);
        options.log.warn(sentence);
      }
    }
  }

  /** Ends the step with what the cluster says. */
  async fail(options: RolloutOptions & { within?: string }): Promise<never> {
    const { client, log, within } = options;
    const pods = await podsOf(this.#live, client).catch(() => []);
    const reasons = [...explainReplicas(this.#live), ...explainPods(pods)];
    const events = await eventsOf(this.reference, pods, client).catch(() => []);
    for (const line of [...reasons, ...explainEvents(events, SHOWN_EVENTS)]) {
      log.error(line);
    }
    const subject = describe(this.reference);
    const what =
      within === undefined
        ? `${subject} ${this.#last?.text}`
        : `${subject} was not rolled out in ${within}; it ${this.#last?.text ?? 'did not answer'}`;
    throw new StepFailure(
      `${what.replace(/\.$/, '')}. ${reasons[0] ?? 'The cluster gives no reason; look at the events of the namespace.'}`,
      { code: 'KUBERNETES_ROLLOUT_FAILED' },
    );
  }
}

/** Quotas and admission rules keep pods from being made at all. */
function explainReplicas(live: LiveObject | undefined): string[] {
  const failure = condition(live?.status ?? {}, 'ReplicaFailure');
  return failure?.status === 'True'
    ? [`No pod could be made: ${failure.message}`]
    : [];
}

async function podsOf(
  live: LiveObject | undefined,
  client: ClusterClient,
): Promise<LiveObject[]> {
  const { metadata, spec } = live ?? {};
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
  reference: ObjectReference,
  pods: LiveObject[],
  client: ClusterClient,
): Promise<LiveObject[]> {
  const { namespace, name } = reference.metadata;
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
