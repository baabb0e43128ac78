import { ConfigReader } from '@backstage/config';
import { createRestateRuntimeFactory } from '@innominatus/backstage-plugin-innominatus-backend-module-restate';
import {
  WorkflowRuntime,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import { LoadBalancer } from './LoadBalancer';
import { freePorts, RestateNode } from './RestateServer';

/** A runtime that can end as a process does that is killed. */
export interface KillableRuntime extends WorkflowRuntime {
  kill(): void;
}

/** The runtime as the module brings it, behind an address that it shares. */
export async function createRestateRuntime(options: {
  server: Pick<RestateNode, 'adminUrl' | 'ingressUrl'>;
  balancer: LoadBalancer;
  servicePrefix: string;
  identityKeys?: string[];
  host: WorkflowRuntimeHost;
}): Promise<KillableRuntime> {
  const { balancer, host, identityKeys = [], server, servicePrefix } = options;
  const [port] = await freePorts(1);
  const restate = {
    ingressUrl: server.ingressUrl,
    adminUrl: server.adminUrl,
    advertisedUrl: balancer.url,
    listen: { port },
    identityKeys,
    servicePrefix,
  };
  const runtime = await createRestateRuntimeFactory({
    config: new ConfigReader({ innominatus: { engine: { restate } } }),
  }).create(host);
  return {
    // Reachable before it is made known, as behind a Service of Kubernetes.
    start: async () => {
      balancer.add(port);
      await runtime.start();
    },
    stop: async () => {
      await runtime.stop();
      balancer.remove(port);
    },
    submit: runId => runtime.submit(runId),
    notify: runId => runtime.notify(runId),
    health: () => runtime.health(),
    kill: () => balancer.remove(port),
  };
}
