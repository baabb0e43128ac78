import {
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { LiveObject } from '../cluster/ClusterClient';
import { condition } from './rolloutStatus';

const MAX_MESSAGE = 400;

/** Says in plain words why pods are not ready, one sentence per trouble. */
export function explainPods(pods: readonly LiveObject[]): string[] {
  return [
    ...new Set(
      pods.flatMap(pod => {
        const troubles = explainTroubles(pod);
        return troubles.length > 0 ? troubles : explainWaiting(pod);
      }),
    ),
  ];
}

/** Only what does not belong to every start of a pod. */
export function explainPodTroubles(pods: readonly LiveObject[]): string[] {
  return [...new Set(pods.flatMap(explainTroubles))];
}

function explainTroubles(pod: LiveObject): string[] {
  const status = pod.status ?? {};
  const name = `Pod "${pod.metadata.name}"`;
  const scheduled = condition(status, 'PodScheduled');
  if (scheduled?.status === 'False') {
    return [`${name} finds no node to run on: ${clip(scheduled.message)}`];
  }
  const containers = [
    ...list(status.initContainerStatuses),
    ...list(status.containerStatuses),
  ].flatMap(container => explainContainer(name, container));
  return containers.length === 0 && status.phase === 'Failed'
    ? [`${name} failed: ${clip(status.message ?? status.reason)}`]
    : containers;
}

function explainWaiting(pod: LiveObject): string[] {
  const status = pod.status ?? {};
  const name = `Pod "${pod.metadata.name}"`;
  if (condition(status, 'PodScheduled') === undefined) {
    return status.phase === 'Pending' ? [`${name} waits for a node.`] : [];
  }
  if (condition(status, 'Ready')?.status !== 'False') {
    return [];
  }
  return status.phase === 'Running'
    ? [
        `${name} runs but is not ready; its readiness probe does not succeed yet.`,
      ]
    : [`${name} is being started.`];
}

function explainContainer(pod: string, container: JsonObject): string[] {
  const place = `${pod}, container "${container.name}"`;
  const { waiting, terminated } = map(container.state);
  const last = map(map(container.lastState).terminated);
  const { reason, message } = map(waiting);
  switch (reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'InvalidImageName':
      return [
        `${place}: the image "${container.image}" cannot be pulled. ${clip(message)}`,
      ];
    case 'CrashLoopBackOff':
      return [`${place} starts and ends again and again; ${ended(last)}`];
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return [`${place} cannot be started: ${clip(message)}`];
    default:
  }
  const { exitCode } = map(terminated);
  return typeof exitCode === 'number' && exitCode !== 0
    ? [`${place} has ended; ${ended(map(terminated))}`]
    : [];
}

function ended(terminated: JsonObject): string {
  if (terminated.reason === 'OOMKilled') {
    return 'it was stopped because it used more memory than its limit.';
  }
  return typeof terminated.exitCode === 'number'
    ? `the last time with exit code ${terminated.exitCode}. Look at its log.`
    : 'look at its log.';
}

/** Warnings of the cluster, newest first, each once. */
export function explainEvents(
  events: readonly LiveObject[],
  limit: number,
): string[] {
  const sentences = events
    .filter(({ type }) => type === 'Warning')
    .sort((a, b) => timeOf(b).localeCompare(timeOf(a)))
    .map(event => {
      const about = map(event.involvedObject);
      return `${about.kind} "${about.name}": ${event.reason}. ${clip(event.message)}`;
    });
  return [...new Set(sentences)].slice(0, limit);
}

function timeOf(event: LiveObject): string {
  return String(
    event.lastTimestamp ??
      event.eventTime ??
      event.metadata.creationTimestamp ??
      '',
  );
}

function clip(text: JsonValue | undefined): string {
  return typeof text === 'string'
    ? text.replace(/\s+/g, ' ').slice(0, MAX_MESSAGE)
    : 'no reason given.';
}

function map(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : {};
}

function list(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(map) : [];
}
