import { setTimeout as sleep } from 'node:timers/promises';
import { LiveObject } from '../cluster/ClusterClient';
import { ApiTransport } from '../cluster/ApiTransport';

/**
 * Gives pods the state that their image asks for: `broken` ends again and
 * again, `missing` cannot be pulled, everything else runs. Jobs are complete
 * at once, or have failed when their image is `broken`.
 */
export class FakeKubelet {
  readonly #abort = new AbortController();
  readonly #transport: ApiTransport;
  readonly #namespace: string;
  readonly #running: Promise<void>;

  static start(options: {
    transport: ApiTransport;
    namespace: string;
  }): FakeKubelet {
    return new FakeKubelet(options);
  }

  private constructor(options: { transport: ApiTransport; namespace: string }) {
    this.#transport = options.transport;
    this.#namespace = options.namespace;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    await this.#transport.close();
  }

  async #run(): Promise<void> {
    const path = `/api/v1/namespaces/${this.#namespace}/pods`;
    while (!this.#abort.signal.aborted) {
      const { body } = await this.#transport.send({ method: 'GET', path });
      const { items = [] } = body as { items?: LiveObject[] };
      for (const pod of items) {
        if (pod.status?.phase === 'Pending' && !pod.status.containerStatuses) {
          await this.#settle(pod, path);
        }
      }
      await this.#finishJobs();
      await sleep(30, undefined, { signal: this.#abort.signal }).catch(
        () => {},
      );
    }
  }

  async #finishJobs(): Promise<void> {
    const path = `/apis/batch/v1/namespaces/${this.#namespace}/jobs`;
    const { body } = await this.#transport.send({ method: 'GET', path });
    const { items = [] } = body as { items?: LiveObject[] };
    for (const job of items) {
      if (!job.status?.conditions) {
        const type = JSON.stringify(job.spec).includes('broken')
          ? 'Failed'
          : 'Complete';
        await this.#transport.send({
          method: 'PATCH',
          path: `${path}/${job.metadata.name}/status`,
          contentType: 'application/strategic-merge-patch+json',
          body: {
            status: {
              succeeded: type === 'Complete' ? 1 : 0,
              conditions: [
                { type, status: 'True', message: 'It exited with 3' },
              ],
            },
          },
        });
      }
    }
  }

  async #settle(pod: LiveObject, path: string): Promise<void> {
    const { name } = pod.metadata;
    const [{ name: container, image }] = (
      pod.spec as { containers: Array<{ name: string; image: string }> }
    ).containers;
    const status = podStatus(container, image);
    await this.#transport.send({
      method: 'PATCH',
      path: `${path}/${name}/status`,
      contentType: 'application/strategic-merge-patch+json',
      body: { status },
    });
    if (image.includes('broken')) {
      await this.#transport.send({
        method: 'POST',
        path: `/api/v1/namespaces/${this.#namespace}/events`,
        body: {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: `${name}.back-off`, namespace: this.#namespace },
          involvedObject: {
            kind: 'Pod',
            name,
            namespace: this.#namespace,
          },
          reason: 'BackOff',
          message: 'Back-off restarting failed container',
          type: 'Warning',
          lastTimestamp: new Date().toISOString(),
        },
      });
    }
  }
}

function podStatus(name: string, image: string) {
  const now = new Date().toISOString();
  const ready = !image.includes('broken') && !image.includes('missing');
  const condition = (type: string) => ({
    type,
    status: ready ? 'True' : 'False',
    lastTransitionTime: now,
  });
  return {
    phase: ready ? 'Running' : 'Pending',
    conditions: [
      { ...condition('PodScheduled'), status: 'True' },
      condition('ContainersReady'),
      condition('Ready'),
    ],
    containerStatuses: [
      {
        name,
        image,
        imageID: '',
        ready,
        restartCount: ready ? 0 : 3,
        ...containerState(image, now),
      },
    ],
  };
}

function containerState(image: string, now: string) {
  if (image.includes('missing')) {
    return {
      state: {
        waiting: { reason: 'ImagePullBackOff', message: 'not found' },
      },
    };
  }
  if (image.includes('broken')) {
    return {
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
      lastState: {
        terminated: {
          exitCode: 3,
          reason: 'Error',
          startedAt: now,
          finishedAt: now,
        },
      },
    };
  }
  return { state: { running: { startedAt: now } } };
}
