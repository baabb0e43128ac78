import { readDefinitions } from '../definitions';
import { migrateFile } from './migrateFile';
import { goldenPathFiles } from './migrateGoldenPaths';

const LIST = `# What teams may start
goldenpaths:
  undeploy-app: ./workflows/undeploy-app.yaml
  ephemeral-env:
    workflow: ./workflows/env.yaml
    description: A short-lived environment
    category: environment
    tags: [testing, preview]
    estimated_duration: 3-7 minutes
    owner_hint: nobody
    parameters:
      ttl: { type: duration, default: 2h, pattern: '^\\d+[hmd]$' }
      kind: { type: enum, allowed_values: [preview, staging], default: preview }
      replicas: { type: integer, default: "1", min: 1, max: 10 }
    required_params: [team, ttl]
    optional_params: { note: none }
`;

const FILES = {
  './workflows/undeploy-app.yaml': `apiVersion: workflow.dev/v1
kind: Workflow
metadata: { name: undeploy-app, description: Takes it away }
spec:
  steps:
    # nothing to do here
    - { name: verify, type: dummy }
`,
  './workflows/env.yaml': `apiVersion: workflow.dev/v1
kind: Workflow
metadata: { name: env }
spec:
  parameters: [{ name: ignored, type: string }]
  steps:
    - name: create
      type: terraform
      config: { messages: ['\${params.kind} \${params.team} \${params.note}'] }
`,
};

describe('a list of golden paths', () => {
  it('names the files that it needs', () => {
    expect(goldenPathFiles(LIST)).toEqual(Object.keys(FILES));
    expect(goldenPathFiles('goldenpaths: [')).toEqual([]);
  });

  it('becomes documents of golden paths, with the workflows in them', () => {
    const migrated = migrateFile(LIST, { files: FILES });
    expect(migrated.kind).toBe('golden-paths');
    expect(migrated.diagnostics).toEqual([]);
    const { definitions, diagnostics } = readDefinitions(migrated.text);
    expect(diagnostics).toEqual([]);
    const [undeploy, environment] = definitions.goldenPaths;
    expect(undeploy).toMatchObject({
      metadata: { name: 'undeploy-app', description: 'Takes it away' },
      parameters: [],
      workflow: { steps: [{ name: 'verify', type: 'simulate' }] },
    });
    expect(environment.metadata).toMatchObject({
      name: 'ephemeral-env',
      description: 'A short-lived environment',
      category: 'environment',
      tags: ['testing', 'preview'],
      estimatedDuration: '3-7 minutes',
    });
    expect(environment.parameters).toMatchObject([
      { name: 'ttl', type: 'duration', required: true, default: '2h' },
      { name: 'kind', type: 'enum', allowedValues: ['preview', 'staging'] },
      { name: 'replicas', type: 'int', default: 1, min: 1, max: 10 },
      { name: 'team', type: 'string', required: true },
      { name: 'note', type: 'string', default: 'none' },
    ]);
    expect(migrated.text).toContain('# nothing to do here');
    expect(migrated.changes).toEqual([
      'Made the golden path "undeploy-app" of "./workflows/undeploy-app.yaml".',
      './workflows/undeploy-app.yaml: Replaced "apiVersion: workflow.dev/v1" by "innominatus.dev/v1".',
      './workflows/undeploy-app.yaml: Replaced the type "dummy" of step "verify" by "simulate".',
      'Made the golden path "ephemeral-env" of "./workflows/env.yaml".',
      './workflows/env.yaml: Replaced "apiVersion: workflow.dev/v1" by "innominatus.dev/v1".',
      'Left out "owner_hint" of "ephemeral-env", which has no effect.',
    ]);
    expect(
      migrated.remaining.map(({ code, severity }) => [code, severity]),
    ).toEqual([['WORKFLOW_STEP_TYPE_LEFT', 'warning']]);
  });

  it('is left as it is when a workflow is not there', () => {
    const migrated = migrateFile(`${LIST}  none: { tags: [] }\n`, {
      file: 'goldenpaths.yaml',
      files: { './workflows/env.yaml': FILES['./workflows/env.yaml'] },
    });
    expect(migrated.text).toContain('goldenpaths:');
    expect(migrated.changes).toEqual([]);
    expect(migrated.diagnostics.map(({ code, line }) => [code, line])).toEqual([
      ['GOLDENPATHS_WORKFLOW', 3],
      ['GOLDENPATHS_WORKFLOW', 17],
    ]);
  });
});
