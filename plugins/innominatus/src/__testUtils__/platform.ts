import {
  PolicyDefinition,
  ProviderSummary,
  Resource,
} from '@innominatus/backstage-plugin-innominatus-common';

export function aResource(change: Partial<Resource> = {}): Resource {
  return {
    id: 'resource-1',
    uid: 'postgres.default#podinfo.db',
    name: 'db',
    type: 'postgres',
    class: 'default',
    environment: 'development',
    workload: 'podinfo',
    shared: false,
    management: 'native',
    state: 'active',
    provider: { name: 'simulator', version: '1.0.0' },
    params: { version: '17' },
    outputs: { host: 'db.example', password: '••••' },
    hints: [
      { type: 'url', label: 'Console', value: 'https://console.example/db' },
      { type: 'command', label: 'Connect', value: 'psql -h db.example' },
    ],
    createdAt: '2030-01-01T00:00:00Z',
    updatedAt: '2030-01-01T00:05:00Z',
    runId: 'run-1',
    ...change,
  };
}

export function aProvider(
  change: Partial<ProviderSummary> = {},
): ProviderSummary {
  return {
    name: 'simulator',
    title: 'Simulator',
    version: '1.0.0',
    owner: 'group:default/platform-team',
    source: 'providers/simulator.yaml',
    resourceTypes: [
      {
        type: 'postgres',
        aliases: ['postgresql'],
        management: 'native',
        environments: [],
        environmentTypes: ['development'],
        targets: [],
        hints: [],
        workflows: { create: 'simulate-postgres' },
        outputs: [
          { name: 'host', sensitive: false },
          { name: 'password', sensitive: true },
        ],
        operations: ['create', 'delete'],
      },
    ],
    state: 'active',
    problems: [],
    ...change,
  };
}

export function aPolicy(
  change: Partial<PolicyDefinition> = {},
): PolicyDefinition {
  return {
    name: 'production-ready',
    title: 'Ready for production',
    owner: 'group:default/platform-team',
    tier: 'platform',
    enforcement: 'deny',
    appliesTo: { environmentTypes: ['production'] },
    limits: { steps: 100, duration: 'PT4H' },
    rules: [
      {
        name: 'known-owner',
        expression: 'has(application.owner)',
        message: 'An application in production needs an owner.',
      },
    ],
    source: 'policies/guardrails.yaml',
    line: 22,
    ...change,
  };
}
