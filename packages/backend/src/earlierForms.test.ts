import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import innominatusPlugin from '@innominatus/backstage-plugin-innominatus-backend';
import {
  Diagnostic,
  migrateFile,
} from '@innominatus/backstage-plugin-innominatus-common';

jest.setTimeout(240_000);

/** A workflow of a golden path, as it was written. */
const path = (name: string, ...steps: string[]) => `apiVersion: workflow.dev/v1
kind: Workflow
metadata: { name: ${name}, description: One of the first }
spec:
  variables: { region: eu }
  steps:
${steps.map(step => `    - ${step}\n`).join('')}`;

const GOLDEN_PATHS = {
  './workflows/deploy-app.yaml': path(
    'deploy-app',
    '{ name: repository, type: gitea-repo, repoName: "${metadata.name}", owner: platform-team, private: true }',
    '{ name: bucket-files, type: terraform-generate, resource: s3, outputDir: workspaces/s3, if: resources.s3-bucket != null }',
    '{ name: bucket, type: terraform, operation: apply, workingDir: workspaces/s3, outputs: [minio_url] }',
    '{ name: deploy, type: kubernetes, namespace: "${metadata.name}-${environment.type}" }',
    '{ name: commit, type: git-commit-manifests, repoName: "${metadata.name}", manifestPath: manifests, gitBranch: main, commitMessage: Deploy }',
    '{ name: onboard, type: argocd-app, appName: "${metadata.name}", targetPath: manifests, syncPolicy: auto, timeout: 300 }',
    '{ name: verify, type: policy, config: { script: "kubectl get pods" } }',
  ),
  './workflows/undeploy-app.yaml': path(
    'undeploy-app',
    '{ name: argocd, type: argocd-delete }',
    '{ name: undeploy, type: kubernetes-delete }',
    '{ name: monitoring, type: ansible, playbook: monitoring-cleanup.yml }',
    '{ name: archive, type: gitea-archive }',
  ),
  './workflows/observability-setup.yaml': path(
    'observability-setup',
    '{ name: prometheus, type: kubernetes, namespace: monitoring }',
    '{ name: alerts, type: monitoring, config: { service: shop, alerts: [] } }',
  ),
};
const LIST = `goldenpaths:
  deploy-app:
    workflow: ./workflows/deploy-app.yaml
    tags: [gitops]
    estimated_duration: 5-10 minutes
    parameters:
      sync_policy: { type: enum, allowed_values: [auto, manual], default: auto }
    optional_params: { namespace_prefix: "" }
  undeploy-app: ./workflows/undeploy-app.yaml
  observability-setup: ./workflows/observability-setup.yaml
`;

const FORMS: Record<string, { text: string; problems: string[] }> = {
  'a list of golden paths': {
    text: LIST,
    problems: [
      'gone gitea-repo',
      'gone terraform-generate',
      'gone terraform',
      // The address of the repository is for a person to say.
      'WORKFLOW_UNKNOWN_KEY The key "repoName" is not known in a step of type "git-commit-manifests".',
      'gone argocd-app',
      'gone policy',
      'gone argocd-delete',
      'gone kubernetes-delete',
      'gone ansible',
      'gone gitea-archive',
      'gone monitoring',
    ],
  },
  'a platform workflow': {
    text: `apiVersion: workflow.dev/v1
kind: PlatformWorkflow
metadata: { name: checks, description: For all, owner: group:default/platform-team, phase: pre-deployment }
spec:
  triggers: [all_deployments]
  steps:
    - { name: scan, type: security, config: { scanner: trivy, failOnVulnerabilities: true } }
    - { name: cost, type: cost-analysis, config: { budgetLimit: 100 } }
    - { name: tags, type: tagging, config: { tags: { team: a } } }
`,
    problems: ['gone security', 'gone cost-analysis', 'gone tagging'],
  },
  'a product workflow': {
    text: `apiVersion: workflow.dev/v1
kind: ProductWorkflow
metadata: { name: shop-database, product: shop, phase: post-deployment }
spec:
  steps:
    - { name: secrets, type: vault-setup, config: { secrets: [db] } }
    - { name: migrate, type: database-migration, config: { migrationPath: db } }
    - { name: check, type: validation, config: { script: check.sh } }
    - { name: tell, type: notification, when: always }
`,
    problems: [
      'gone vault-setup',
      'gone database-migration',
      'gone validation',
      'gone notification',
    ],
  },
  'a provider workflow': {
    text: `apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: provision-queue }
parameters:
  - { name: queue_name, type: string, required: true }
  - { name: size, type: enum, allowed_values: [small, large], default: small }
steps:
  - name: create
    type: kubernetes
    config:
      operation: apply
      namespace: queues
      manifest: |
        apiVersion: example.org/v1
        kind: Queue
        metadata: { name: "\${params.resource.slug}-\${params.queue_name}" }
outputs: { size: "\${params.size}" }
`,
    problems: [],
  },
  'steps at the top': {
    text: 'metadata: { name: beat }\nsteps:\n  - { name: beat, type: dummy, timeout: 5 }\n',
    problems: [],
  },
  'several documents with variables beside spec': {
    text: `apiVersion: orchestrator.innominatus.dev/v1
kind: Workflow
metadata: { name: routing }
variables: { ENVIRONMENT: staging }
spec:
  steps:
    - { name: quick, type: dummy, if: $ENVIRONMENT != production }
    - { name: left, type: dummy, parallelGroup: 1 }
    - { name: right, type: dummy, parallelGroup: 1, setVariables: { SIDE: right } }
    - { name: roll-back, type: dummy, when: on_failure }
---
apiVersion: orchestrator.innominatus.dev/v1
kind: Workflow
metadata: { name: context }
variables: { REGION: eu }
spec:
  steps:
    - { name: build, type: dummy, outputFile: outputs.json, env: { AREA: $REGION } }
    - { name: ask, type: dummy, when: manual }
`,
    problems: [],
  },
  'a workflow with pull requests': {
    text: path(
      'tfe',
      '{ name: generate, type: terraform-generate, resource: s3 }',
      '{ name: open, type: git-pr, config: { repository: "https://git.example/infra.git", branch: bucket, title: Add a bucket, base: main } }',
      '{ name: merged, type: git-check-pr, config: { pullRequest: 1 } }',
      '{ name: applied, type: tfe-status }',
    ),
    // Both types were never there; what they take now is said.
    problems: [
      'gone terraform-generate',
      'WORKFLOW_UNKNOWN_KEY The key "title" is not known in a step of type "git-pr".',
      'WORKFLOW_CONFIG "files" of a step of type "git-pr" is not valid: Invalid input: expected array, received undefined.',
      'WORKFLOW_UNKNOWN_KEY The key "pullRequest" is not known in a step of type "git-check-pr".',
      'WORKFLOW_CONFIG "repository" of a step of type "git-check-pr" is not valid: Invalid input: expected string, received undefined.',
      'WORKFLOW_CONFIG "branch" of a step of type "git-check-pr" is not valid: Invalid input: expected string, received undefined.',
      'WORKFLOW_CONFIG "commit" of a step of type "git-check-pr" is not valid: Invalid input: expected string, received undefined.',
      'gone tfe-status',
    ],
  },
};

const SCORE = `apiVersion: score.dev/v1b1
metadata: { name: shop }
containers:
  web: { image: "shop:1" }
workflows:
  ship:
    variables: { region: eu }
    steps:
      - { name: repository, type: gitea-repo, repoName: shop }
      - { name: infrastructure, type: terraform, path: ./terraform }
      - { name: done, type: dummy }
`;

describe('files of earlier forms in the shipped backend', () => {
  let folder: string;
  let problems: Diagnostic[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'earlier-forms-'));
    for (const [name, { text }] of Object.entries(FORMS)) {
      const migrated = migrateFile(text, { files: GOLDEN_PATHS });
      if (migrated.diagnostics.length > 0) {
        throw new Error(`${name}: ${migrated.diagnostics[0].message}`);
      }
      writeFileSync(join(folder, `${name}.yaml`), migrated.text);
    }
    const [{ text }] = migrateFile(SCORE).extracted;
    writeFileSync(join(folder, 'inline.yaml'), text);
    problems = await problemsInBackend(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const found = (name: string) =>
    problems
      .filter(({ file }) => file?.endsWith(`${name}.yaml`))
      .map(({ code, message, suggestions }) => {
        const type = /^The step type "(.*)" is not known/.exec(message)?.[1];
        return type && suggestions[0]?.startsWith('Use ')
          ? `gone ${type}`
          : `${code} ${message}`;
      });

  it.each(Object.keys(FORMS))(
    '%s is read, once it is migrated, but for what nothing brings',
    name => {
      expect(found(name)).toEqual(FORMS[name].problems);
    },
  );

  it('a workflow inside of a Score file is one of its own', () => {
    expect(found('inline')).toEqual(['gone gitea-repo', 'gone terraform']);
  });
});

describe('examples that the default configuration does not load', () => {
  it('have no problem in the shipped backend', async () => {
    const folder = join(__dirname, '../../../examples/more');
    const files = ['workflows', 'golden-paths', 'pull-request', 'environments']
      .map(name => join(folder, `${name}.yaml`))
      .concat(join(folder, 'provider'));
    expect(await problemsInBackend(...files)).toEqual([]);
  });
});

/** What the plugins of this backend say about the files of locations. */
async function problemsInBackend(...targets: string[]): Promise<Diagnostic[]> {
  const source = readFileSync(join(__dirname, 'index.ts'), 'utf8');
  const names = [...source.matchAll(/import\('(@innominatus\/[^']*)'\)/g)]
    .map(([, name]) => name)
    .filter(name => name.includes('plugin-innominatus-backend'));
  const backend = await startTestBackend({
    features: [
      ...names.map(
        name =>
          (require(name) as { default: typeof innominatusPlugin }).default,
      ),
      catalogServiceMock.factory({ entities: [] }),
      mockServices.rootConfig.factory({
        data: {
          innominatus: {
            locations: targets.map(target => ({ type: 'file', target })),
          },
        },
      }),
    ],
  });
  try {
    const { port } = backend.server.address() as AddressInfo;
    const response = await fetch(
      `http://localhost:${port}/api/innominatus/v1/providers/refresh`,
      {
        method: 'POST',
        headers: { Authorization: mockCredentials.user.header() },
      },
    );
    expect(response.status).toBe(200);
    return (await response.json()).problems;
  } finally {
    await backend.stop();
  }
}
