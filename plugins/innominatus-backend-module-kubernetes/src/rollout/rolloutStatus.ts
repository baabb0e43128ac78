import {
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { LiveObject } from '../cluster/ClusterClient';

/** How far an object is on its way to what its manifest says. */
export interface RolloutStatus {
  state: 'progressing' | 'done' | 'failed';
  /** Continues a sentence that starts with the name of the object. */
  text: string;
}

function judgeDeployment(spec: JsonObject, status: JsonObject): RolloutStatus {
  const stuck = condition(status, 'Progressing');
  if (stuck?.reason === 'ProgressDeadlineExceeded') {
    return { state: 'failed', text: `made no progress: ${stuck.message}` };
  }
  const wanted = number(spec.replicas, 1);
  const updated = number(status.updatedReplicas);
  const available = number(status.availableReplicas);
  const old = number(status.replicas) - updated;
  if (updated < wanted) {
    return progressing(`has ${updated} of ${wanted} new replicas`);
  }
  if (old > 0) {
    return progressing(`waits for ${old} old ${plural(old)} to end`);
  }
  if (available < updated) {
    return progressing(`has ${available} of ${updated} replicas available`);
  }
  return done(`has ${available} of ${wanted} replicas available`);
}

function judgeStatefulSet(spec: JsonObject, status: JsonObject): RolloutStatus {
  const wanted = number(spec.replicas, 1);
  const ready = number(status.readyReplicas);
  const strategy = spec.updateStrategy as JsonObject | undefined;
  if (ready < wanted) {
    return progressing(`has ${ready} of ${wanted} replicas ready`);
  }
  if (strategy?.type === 'OnDelete') {
    return done('replaces its replicas when they are deleted by hand');
  }
  if (wanted > 0 && status.updateRevision !== status.currentRevision) {
    return progressing(
      `has ${number(status.updatedReplicas)} of ${wanted} new replicas`,
    );
  }
  return done(`has ${ready} of ${wanted} replicas ready`);
}

function judgeDaemonSet(_spec: JsonObject, status: JsonObject): RolloutStatus {
  const wanted = number(status.desiredNumberScheduled);
  const updated = number(status.updatedNumberScheduled);
  const available = number(status.numberAvailable);
  if (updated < wanted) {
    return progressing(`runs anew on ${updated} of ${wanted} nodes`);
  }
  return available < wanted
    ? progressing(`is available on ${available} of ${wanted} nodes`)
    : done(`is available on ${available} of ${wanted} nodes`);
}

function judgeJob(spec: JsonObject, status: JsonObject): RolloutStatus {
  const failed = condition(status, 'Failed');
  if (failed?.status === 'True') {
    return {
      state: 'failed',
      text: `failed: ${failed.message ?? failed.reason}`,
    };
  }
  const wanted = number(spec.completions, 1);
  const text = `has ${number(status.succeeded)} of ${wanted} completions`;
  return condition(status, 'Complete')?.status === 'True'
    ? done(text)
    : progressing(text);
}

/** A condition of a status by its type. */
export function condition(
  status: JsonObject,
  type: string,
): Record<string, string | undefined> | undefined {
  const conditions = Array.isArray(status.conditions) ? status.conditions : [];
  return conditions.find(
    (item): item is Record<string, string> =>
      typeof item === 'object' &&
      item !== null &&
      !Array.isArray(item) &&
      item.type === type,
  );
}

function number(value: JsonValue | undefined, fallback = 0): number {
  return typeof value === 'number' ? value : fallback;
}

function plural(count: number): string {
  return count === 1 ? 'replica' : 'replicas';
}

function progressing(text: string): RolloutStatus {
  return { state: 'progressing', text };
}

function done(text: string): RolloutStatus {
  return { state: 'done', text };
}

const JUDGES: Record<
  string,
  (spec: JsonObject, status: JsonObject) => RolloutStatus
> = {
  Deployment: judgeDeployment,
  StatefulSet: judgeStatefulSet,
  DaemonSet: judgeDaemonSet,
  Job: judgeJob,
};

/** Whether objects of a kind take time until they are ready. */
export function hasRollout(kind: string): boolean {
  return Object.hasOwn(JUDGES, kind);
}

/**
 * Judges a rollout the way kubectl does. Answers `undefined` for kinds that
 * are ready once they are applied.
 */
export function rolloutStatus(object: LiveObject): RolloutStatus | undefined {
  const judge = hasRollout(object.kind) ? JUDGES[object.kind] : undefined;
  if (judge === undefined) {
    return undefined;
  }
  const observed = number(object.status?.observedGeneration);
  const generation = number(object.metadata.generation);
  if (object.kind !== 'Job' && observed < generation) {
    return progressing('waits to be picked up by the cluster');
  }
  return judge(object.spec ?? {}, object.status ?? {});
}
