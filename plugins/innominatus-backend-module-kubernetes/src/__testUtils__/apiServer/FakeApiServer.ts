import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { FakeObjectStore } from './FakeObjectStore';
import { StatusError } from './StatusError';

const TOKEN = 'test-token';

const RESOURCES: Record<
  string,
  Array<[kind: string, name: string, namespaced: boolean]>
> = {
  '/api/v1': [
    ['Namespace', 'namespaces', false],
    ['Pod', 'pods', true],
    ['ConfigMap', 'configmaps', true],
    ['Secret', 'secrets', true],
    ['Service', 'services', true],
    ['Event', 'events', true],
    ['ServiceAccount', 'serviceaccounts', true],
    ['PersistentVolumeClaim', 'persistentvolumeclaims', true],
    ['ResourceQuota', 'resourcequotas', true],
    ['LimitRange', 'limitranges', true],
  ],
  '/apis/apps/v1': [
    ['Deployment', 'deployments', true],
    ['StatefulSet', 'statefulsets', true],
  ],
  '/apis/batch/v1': [['Job', 'jobs', true]],
  '/apis/networking.k8s.io/v1': [
    ['Ingress', 'ingresses', true],
    ['NetworkPolicy', 'networkpolicies', true],
  ],
  '/apis/rbac.authorization.k8s.io/v1': [
    ['Role', 'roles', true],
    ['RoleBinding', 'rolebindings', true],
  ],
};

/**
 * Speaks the part of the Kubernetes API that the module uses: discovery,
 * server-side apply with owners of fields, merge patches, create, get, list,
 * delete with preconditions, status.
 */
export class FakeApiServer {
  readonly url: string;
  readonly token = TOKEN;
  readonly #server: Server;

  static async start(): Promise<FakeApiServer> {
    const server = createServer();
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new FakeApiServer(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
    const store = new FakeObjectStore();
    server.on('request', (request, response) => {
      answer(request, store).then(
        ([status, body]) => send(response, status, body),
        error => send(response, ...statusOf(error)),
      );
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }
}

async function answer(
  request: IncomingMessage,
  store: FakeObjectStore,
): Promise<[number, unknown]> {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) {
    throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  const group = Object.keys(RESOURCES).find(
    path => url.pathname === path || url.pathname.startsWith(`${path}/`),
  );
  if (group === undefined) {
    throw new StatusError(
      404,
      'NotFound',
      'the server could not find the requested resource',
    );
  }
  if (url.pathname === group) {
    return [
      200,
      {
        kind: 'APIResourceList',
        resources: RESOURCES[group].map(([kind, name, namespaced]) => ({
          kind,
          name,
          namespaced,
        })),
      },
    ];
  }
  const target = parsePath(url.pathname.slice(group.length), group);
  const text = await readText(request);
  const body = text === '' ? undefined : JSON.parse(text);
  const manager = url.searchParams.get('fieldManager') ?? 'unknown';
  switch (request.method) {
    case 'PATCH':
      if (target.status) {
        return [200, store.patchStatus(target.key, body.status)];
      }
      return request.headers['content-type'] === 'application/merge-patch+json'
        ? [200, store.mergePatch(target.key, body, manager)]
        : store.apply(target.key, body, {
            manager,
            force: url.searchParams.get('force') === 'true',
            dryRun: url.searchParams.get('dryRun') === 'All',
          });
    case 'POST':
      return [
        201,
        store.create(`${target.key}/${body.metadata.name}`, body, manager),
      ];
    case 'DELETE':
      return [200, store.delete(target.key, body?.preconditions)];
    default:
      return target.named
        ? [200, store.read(target.key)]
        : [200, { items: store.list(target.key, url.searchParams) }];
  }
}

/** `/namespaces/NS/NAME/OBJECT[/status]`, or `/NAME/OBJECT` without a namespace. */
function parsePath(path: string, group: string) {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const resource = RESOURCES[group].find(
    ([, name]) =>
      name ===
      (parts[0] === 'namespaces' && parts.length > 2 ? parts[2] : parts[0]),
  );
  if (resource === undefined) {
    throw new StatusError(
      404,
      'NotFound',
      'the server could not find the requested resource',
    );
  }
  const own = resource[2] ? parts.slice(2) : parts;
  const namespace = resource[2] ? parts[1] : '';
  return {
    key: [group, namespace, ...own.slice(0, 2)]
      .join('|')
      .replace(/\|([^|]*)$/, own.length > 1 ? '/$1' : '|$1'),
    named: own.length > 1,
    status: own[2] === 'status',
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function statusOf(error: unknown): [number, unknown] {
  return error instanceof StatusError
    ? [
        error.status,
        {
          kind: 'Status',
          status: 'Failure',
          message: error.message,
          reason: error.reason,
          code: error.status,
          details: { causes: error.causes },
        },
      ]
    : [500, { kind: 'Status', message: String(error) }];
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
