import { createProvider } from '../../providers';
import { ProviderTester, callProvider } from './ProviderTester';

const QUEUES = `apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: queues, version: 1.0.0 }
spec:
  resourceTypes:
    - type: queue
      parameters:
        properties: { retention: { type: string, default: 7d } }
      outputs: [{ name: url }, { name: token, sensitive: true }]
      hints: [{ type: url, label: Queue, value: '\${outputs.url}' }]
      manifests:
        - apiVersion: v1
          kind: ConfigMap
          metadata: { name: '\${resource.slug}' }
          data: { url: '\${outputs.url}' }
      operations:
        create: { workflow: make }
        delete: { workflow: drop }
    - type: topic
      outputs: [{ name: name }]
      values: { name: '\${resource.name}-\${environment.name}' }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: make }
spec:
  steps:
    - name: check
      type: simulate
      config: { outputs: { region: eu } }
    - name: apply
      type: terraform
      retry: { attempts: 3, backoff: { initial: 10s, factor: 1, jitter: 0 } }
      config: { keep: '\${params.retention}', region: '\${check.region}' }
  outputs:
    url: \${apply.url}
    token: \${apply.token}
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: drop }
spec:
  steps:
    - { name: backup, type: simulate, if: '\${params.backup}' }
    - { name: drop, type: simulate }
`;

const tester = ProviderTester.create({ files: { 'queues.yaml': QUEUES } });
const ANSWER = { apply: { outputs: { url: 'https://q', token: 's' } } };

describe('ProviderTester', () => {
  it('gives read what is recorded and how old it is', async () => {
    const reading = ProviderTester.create({
      files: {
        'queues.yaml': QUEUES.replace(
          'delete: { workflow: drop }',
          'read: { workflow: look }',
        ),
        'look.yaml': `apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: look }
spec:
  variables: { seen: 'true' }
  steps:
    - name: late
      type: simulate
      if: '\${params.age} >= 60'
      setVariables: { seen: 'false' }
  outputs:
    url: \${params.outputs.url}
    token: \${params.outputs.token}
    exists: \${seen}
`,
      },
    });
    expect(reading.diagnostics).toEqual([]);
    const read = (more: object) =>
      reading.run({ resource: { type: 'queue' }, operation: 'read', ...more });
    expect((await read({})).outputs).toEqual({
      url: 'recorded-url',
      token: 'recorded-token',
      exists: 'true',
    });
    expect(
      (await read({ outputs: { url: 'u', token: 't' }, age: 60 })).outputs,
    ).toEqual({ url: 'u', token: 't', exists: 'false' });
  });

  it('does an operation with what the test answers for its steps', async () => {
    expect(tester.diagnostics).toEqual([]);
    const result = await tester.run({
      resource: { type: 'queue', name: 'events' },
      operation: 'create',
      steps: ANSWER,
    });
    expect(result).toMatchObject({
      status: 'succeeded',
      provider: { name: 'queues', version: '1.0.0' },
      outputs: { url: 'https://q', token: 's' },
      hints: [{ value: 'https://q' }],
      manifests: [{ metadata: { name: 'queue-events' } }],
    });
    expect(result.steps[1].config).toEqual({ keep: '7d', region: 'eu' });
  });

  it('says which outputs are missing, and why a step failed after its retries', async () => {
    const operation = {
      resource: { type: 'queue' },
      operation: 'create' as const,
    };
    await expect(tester.run(operation)).resolves.toMatchObject({
      status: 'failed',
    });
    const fail = { message: 'Busy', transient: true };
    const result = await tester.run({
      ...operation,
      steps: { apply: { fail } },
    });
    expect(result.failure).toBe('The step "apply" failed: Busy');
    expect(result.steps[1].attempt).toBe(3);
  });

  it('follows the conditions of a workflow', async () => {
    const statuses = async (params: { backup: boolean }) =>
      (
        await tester.run({
          resource: { type: 'queue' },
          operation: 'delete',
          params,
        })
      ).steps.map(({ status }) => status);
    await expect(statuses({ backup: false })).resolves.toEqual([
      'skipped',
      'succeeded',
    ]);
    await expect(statuses({ backup: true })).resolves.toEqual([
      'succeeded',
      'succeeded',
    ]);
  });

  it('fills in values of types that need no workflow', async () => {
    const result = await tester.run({
      resource: { type: 'topic', name: 'orders' },
      operation: 'create',
      environment: { name: 'staging' },
    });
    expect(result.outputs).toEqual({ name: 'orders-staging' });
  });

  it('refuses what no provider offers', async () => {
    await expect(
      tester.run({ resource: { type: 'bucket' }, operation: 'create' }),
    ).rejects.toThrow('No provider offers "bucket"');
  });
});

describe('callProvider', () => {
  const provider = createProvider({
    name: 'queues',
    version: '1.0.0',
    resourceTypes: [
      {
        type: 'queue',
        create: async ({ resource, params }) => ({
          url: `https://queues/${resource.slug}/${params.retention}`,
        }),
      },
    ],
  });

  it('calls the code of an operation', async () => {
    const call = { type: 'queue', params: { retention: '1d' } };
    await expect(
      callProvider(provider, { ...call, operation: 'update' }),
    ).resolves.toEqual({ url: 'https://queues/queue-it/1d' });
    await expect(
      callProvider(provider, { ...call, operation: 'delete' }),
    ).rejects.toThrow('has no operation "delete"');
  });
});
