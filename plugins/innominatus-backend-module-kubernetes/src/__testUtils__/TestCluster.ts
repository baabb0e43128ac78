import { ApiTransport } from '../cluster/ApiTransport';
import { ClusterClient } from '../cluster/ClusterClient';
import { loadKubeConfig } from '../cluster/loadKubeConfig';
import { ClusterConfig } from '../cluster/readClusters';
import { FakeApiServer } from './apiServer/FakeApiServer';
import { FakeKubelet } from './FakeKubelet';

/** Names the kubeconfig of a real API server to run the tests against. */
export const KUBECONFIG_VARIABLE = 'INNOMINATUS_TEST_KUBECONFIG';

/**
 * A cluster for tests: a real API server with its controllers if one is
 * named, else a double. Nodes are played by {@link FakeKubelet} either way.
 */
export class TestCluster {
  readonly config: ClusterConfig;
  readonly #server: FakeApiServer | undefined;
  readonly #abort = new AbortController();
  readonly #kubelets: FakeKubelet[] = [];
  readonly client: ClusterClient;
  #namespaces = 0;

  static async start(): Promise<TestCluster> {
    const path = process.env[KUBECONFIG_VARIABLE];
    if (path) {
      return new TestCluster({ name: 'test', type: 'kubeconfig', path });
    }
    const server = await FakeApiServer.start();
    return new TestCluster(
      {
        name: 'test',
        type: 'url',
        url: server.url,
        skipTLSVerify: true,
        serviceAccountToken: server.token,
      },
      server,
    );
  }

  private constructor(config: ClusterConfig, server?: FakeApiServer) {
    this.config = config;
    this.#server = server;
    this.client = ClusterClient.create(this.#transportOptions());
  }

  /** A name nobody uses. */
  newNamespace(): string {
    this.#namespaces += 1;
    return `test-${process.pid}-${Date.now().toString(36)}-${this.#namespaces}`;
  }

  /** Has the pods of a namespace run. */
  playNode(namespace: string): void {
    this.#kubelets.push(
      FakeKubelet.start({
        transport: ApiTransport.create(this.#transportOptions()),
        namespace,
      }),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.#kubelets.map(kubelet => kubelet.stop()));
    await this.client.close();
    await this.#server?.stop();
  }

  #transportOptions() {
    return {
      cluster: 'test',
      kubeConfig: loadKubeConfig(this.config),
      signal: this.#abort.signal,
    };
  }
}
