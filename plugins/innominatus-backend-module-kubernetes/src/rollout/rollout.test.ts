import { LiveObject } from '../cluster/ClusterClient';
import { explainEvents, explainPods } from './explainPods';
import { rolloutStatus } from './rolloutStatus';

const object = (kind: string, spec: object, status: object, generation = 1) =>
  ({
    apiVersion: 'x/v1',
    kind,
    metadata: { name: 'a', generation },
    spec,
    status: { observedGeneration: 1, ...status },
  }) as LiveObject;

describe('rolloutStatus', () => {
  it.each([
    [
      'Deployment',
      {},
      { updatedReplicas: 1, availableReplicas: 1, replicas: 1 },
      'done',
      'has 1 of 1 replicas available',
    ],
    [
      'Deployment',
      { replicas: 2 },
      { updatedReplicas: 1, replicas: 2 },
      'progressing',
      'has 1 of 2 new replicas',
    ],
    [
      'Deployment',
      { replicas: 1 },
      { updatedReplicas: 1, replicas: 2 },
      'progressing',
      'waits for 1 old replica to end',
    ],
    [
      'Deployment',
      {},
      {
        conditions: [
          {
            type: 'Progressing',
            reason: 'ProgressDeadlineExceeded',
            message: 'timed out',
          },
        ],
      },
      'failed',
      'made no progress: timed out',
    ],
    [
      'StatefulSet',
      { replicas: 2 },
      { readyReplicas: 1 },
      'progressing',
      'has 1 of 2 replicas ready',
    ],
    [
      'StatefulSet',
      {},
      {
        readyReplicas: 1,
        updatedReplicas: 0,
        updateRevision: 'b',
        currentRevision: 'a',
      },
      'progressing',
      'has 0 of 1 new replicas',
    ],
    [
      'StatefulSet',
      {},
      { readyReplicas: 1, updateRevision: 'a', currentRevision: 'a' },
      'done',
      'has 1 of 1 replicas ready',
    ],
    [
      'DaemonSet',
      {},
      {
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      },
      'progressing',
      'is available on 1 of 2 nodes',
    ],
    [
      'Job',
      { completions: 2 },
      { succeeded: 1 },
      'progressing',
      'has 1 of 2 completions',
    ],
    [
      'Job',
      {},
      { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] },
      'done',
      'has 1 of 1 completions',
    ],
    [
      'Job',
      {},
      {
        conditions: [
          { type: 'Failed', status: 'True', message: 'BackoffLimit' },
        ],
      },
      'failed',
      'failed: BackoffLimit',
    ],
  ])('judges a %s with %j and %j', (kind, spec, status, state, text) => {
    expect(rolloutStatus(object(kind, spec, status))).toEqual({ state, text });
  });

  it('does not believe a status of an older generation', () => {
    const status = { updatedReplicas: 1, availableReplicas: 1, replicas: 1 };
    expect(rolloutStatus(object('Deployment', {}, status, 2))).toMatchObject({
      state: 'progressing',
    });
  });

  it('has no opinion on other kinds', () => {
    expect(rolloutStatus(object('ConfigMap', {}, {}))).toBeUndefined();
    expect(rolloutStatus(object('constructor', {}, {}))).toBeUndefined();
  });
});

describe('explainPods', () => {
  const pod = (status: object) =>
    ({ ...object('Pod', {}, status), metadata: { name: 'p' } }) as LiveObject;

  it.each([
    [
      {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            message: '0/1 nodes are available',
          },
        ],
      },
      'Pod "p" finds no node to run on: 0/1 nodes are available',
    ],
    [
      {
        containerStatuses: [
          {
            name: 'w',
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
          },
        ],
      },
      'Pod "p", container "w" starts and ends again and again; it was stopped because it used more memory than its limit.',
    ],
    [
      {
        initContainerStatuses: [
          { name: 'w', state: { terminated: { exitCode: 2 } } },
        ],
      },
      'Pod "p", container "w" has ended; the last time with exit code 2. Look at its log.',
    ],
    [
      {
        containerStatuses: [
          {
            name: 'w',
            state: {
              waiting: {
                reason: 'CreateContainerConfigError',
                message: 'secret "s" not found',
              },
            },
          },
        ],
      },
      'Pod "p", container "w" cannot be started: secret "s" not found',
    ],
    [
      {
        phase: 'Running',
        conditions: [
          { type: 'PodScheduled', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
      },
      'Pod "p" runs but is not ready; its readiness probe does not succeed yet.',
    ],
  ])('puts %j into words', (status, sentence) => {
    expect(explainPods([pod(status)])).toEqual([sentence]);
  });

  it('has nothing to say about a pod that runs', () => {
    expect(
      explainPods([
        pod({
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
        }),
      ]),
    ).toEqual([]);
  });
});

describe('explainEvents', () => {
  it('shows warnings, newest first, each once', () => {
    const event = (reason: string, lastTimestamp: string, type = 'Warning') =>
      ({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: reason },
        type,
        reason,
        message: 'why',
        lastTimestamp,
        involvedObject: { kind: 'Pod', name: 'p' },
      }) as LiveObject;
    expect(
      explainEvents(
        [
          event('Old', '2026-01-01'),
          event('New', '2026-01-02'),
          event('New', '2026-01-03'),
          event('Fine', '2026-01-04', 'Normal'),
        ],
        5,
      ),
    ).toEqual(['Pod "p": New. why', 'Pod "p": Old. why']);
  });
});
