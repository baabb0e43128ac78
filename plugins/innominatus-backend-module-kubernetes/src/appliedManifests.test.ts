import {
  KubernetesObject,
  generateManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ApiTransport } from './cluster/ApiTransport';
import { loadKubeConfig } from './cluster/loadKubeConfig';
import { generatedCases } from './__testUtils__/openapi/generatedCases';
import { KUBECONFIG_VARIABLE, TestCluster } from './__testUtils__/TestCluster';

jest.setTimeout(60_000);

const PATHS: Record<string, string> = {
  ConfigMap: '/api/v1/namespaces/NS/configmaps',
  Deployment: '/apis/apps/v1/namespaces/NS/deployments',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/NS/ingresses',
  PersistentVolumeClaim: '/api/v1/namespaces/NS/persistentvolumeclaims',
  Secret: '/api/v1/namespaces/NS/secrets',
  Service: '/api/v1/namespaces/NS/services',
  StatefulSet: '/apis/apps/v1/namespaces/NS/statefulsets',
};

if (process.env[KUBECONFIG_VARIABLE] === undefined) {
  // A double would only accept what it was written for.
  it(`applying manifests to a real API server is left out: ${KUBECONFIG_VARIABLE} names none`, () => {
    expect(process.env[KUBECONFIG_VARIABLE]).toBeUndefined();
  });
} else {
  describe('the manifests of Score files on a real API server', () => {
    let cluster: TestCluster;
    let transport: ApiTransport;
    let hasSidecars: boolean;
    const abort = new AbortController();

    beforeAll(async () => {
      cluster = await TestCluster.start();
      transport = ApiTransport.create({
        cluster: 'test',
        kubeConfig: loadKubeConfig(cluster.config),
        signal: abort.signal,
      });
      const { body } = await transport.send({
        method: 'GET',
        path: '/version',
      });
      const { minor } = body as { minor: string };
      hasSidecars = parseInt(minor, 10) >= 28;
    });
    afterAll(() => cluster.stop());

    async function dryRun(manifest: KubernetesObject, namespace: string) {
      const { name } = manifest.metadata;
      return transport.send({
        method: 'PATCH',
        path: `${PATHS[manifest.kind].replace('NS', namespace)}/${name}`,
        query: { fieldManager: 'dry', force: 'true', dryRun: 'All' },
        contentType: 'application/apply-patch+yaml',
        body: { ...manifest, metadata: { ...manifest.metadata, namespace } },
      });
    }

    it.each(generatedCases().map(one => [one.name, one.options] as const))(
      '%s',
      async (_, options) => {
        const namespace = cluster.newNamespace();
        const { manifests, diagnostics } = generateManifests({
          ...options,
          namespace,
          generateNamespace: true,
        });
        const isSidecar = JSON.stringify(manifests).includes(
          '"restartPolicy":"Always"',
        );
        // Warned of when it is generated: clusters refuse that.
        const isOver = diagnostics.some(
          ({ code }) => code === 'MANIFEST_REQUEST_OVER_LIMIT',
        );
        if (manifests.length === 0 || isOver || (isSidecar && !hasSidecars)) {
          return;
        }
        const [space, ...objects] = manifests;
        await cluster.client.apply(space, { force: true });
        for (const manifest of objects) {
          const { status, body } = await dryRun(manifest, namespace);
          expect(status < 300 ? [] : [manifest.kind, status, body]).toEqual([]);
        }
        for (const manifest of objects) {
          const first = await cluster.client.apply(manifest, { force: true });
          expect(first.created).toBe(true);
        }
        // The same once more changes nothing.
        for (const manifest of objects) {
          const before = await cluster.client.read(manifest);
          const again = await cluster.client.apply(manifest, { force: true });
          expect(again.created).toBe(false);
          expect(again.object.spec).toEqual(before?.spec);
          expect(again.object.data).toEqual(before?.data);
        }
        await cluster.client.delete(space);
      },
    );
  });
}
