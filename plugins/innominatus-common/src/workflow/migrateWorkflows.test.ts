import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileWorkflow } from './compile/compileWorkflow';
import { readWorkflowDocuments } from './compile/readWorkflowDocuments';
import { migrateWorkflows } from './migrateWorkflows';

const FOLDER = join(__dirname, 'compile/__fixtures__');
const FILES = readdirSync(FOLDER).filter(file =>
  file.endsWith('.earlier.yaml'),
);

const compileAll = (text: string) =>
  readWorkflowDocuments(text).map(document =>
    compileWorkflow(document.value, {
      ...document,
      parameters: text.includes('params.resource') ? ['resource'] : undefined,
    }),
  );

describe('rewriting files of earlier forms', () => {
  it.each(FILES)(
    '%s means the same afterwards, in the canonical form',
    file => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const migrated = migrateWorkflows(text);
      expect(migrated.changes.length).toBeGreaterThan(0);
      const before = compileAll(text.replaceAll('dummy', 'simulate'));
      const after = compileAll(migrated.text);
      expect(after.map(each => [each.definition, each.metadata])).toEqual(
        before.map(each => [each.definition, each.metadata]),
      );
      expect(after.flatMap(each => each.diagnostics)).toEqual(
        before
          .flatMap(each => each.diagnostics)
          .filter(each => each.code !== 'WORKFLOW_LEGACY_FORM'),
      );
      expect(migrateWorkflows(migrated.text)).toEqual({
        text: migrated.text,
        changes: [],
        diagnostics: [],
      });
    },
  );

  it('renames what steps that commit manifests say in other words', () => {
    const { text, changes } = migrateWorkflows(`apiVersion: workflow.dev/v1
kind: Workflow
metadata: { name: ship }
spec:
  steps:
    - name: commit
      type: git-commit-manifests
      gitBranch: main
      config: { manifestPath: manifests, commitMessage: Ship it }
`);
    expect(text).toContain('      branch: main\n');
    expect(text).toContain('{ path: manifests, message: Ship it }');
    expect(changes).toContain('Renamed "step "commit".gitBranch" to "branch".');
  });

  it('tells each change and keeps comments', () => {
    const { text, changes } = migrateWorkflows(`# The heartbeat
metadata:
  name: beat # of the platform
  estimated_duration: short
variables: { region: eu }
# One step is enough
steps:
  - name: beat
    type: dummy
    timeout: 5 # seconds
`);
    expect(text).toBe(`# The heartbeat
apiVersion: innominatus.dev/v1
kind: Workflow
metadata:
  name: beat # of the platform
  estimatedDuration: short
spec:
  variables: { region: eu }
  # One step is enough
  steps:
    - name: beat
      type: simulate
      timeout: 5s # seconds
`);
    expect(changes).toEqual([
      'Moved "variables" to "spec.variables".',
      'Moved "steps" to "spec.steps".',
      'Added "kind: Workflow".',
      'Added "apiVersion: innominatus.dev/v1".',
      'Renamed "metadata.estimated_duration" to "estimatedDuration".',
      'Gave the timeout of step "beat" its unit: "5s".',
      'Replaced the type "dummy" of step "beat" by "simulate".',
    ]);
  });

  it('leaves other definitions and canonical files as they are', () => {
    for (const text of [
      'apiVersion: innominatus.dev/v1\nkind:   Environment\nmetadata: {name: a}\nspec: {type: x}\n',
      'apiVersion: score.dev/v1b1\nmetadata:\n    name: a\nvariables: {}\n',
      '- 1\n---\n"text"\n',
      '',
    ]) {
      expect(migrateWorkflows(text)).toEqual({
        text,
        changes: [],
        diagnostics: [],
      });
    }
  });

  it('does not touch a file that cannot be read', () => {
    const text = 'steps: [\n';
    const { diagnostics, ...result } = migrateWorkflows(text, {
      file: 'w.yaml',
    });
    expect(result).toEqual({ text, changes: [] });
    expect(diagnostics[0]).toMatchObject({
      code: 'WORKFLOW_YAML_INVALID',
      file: 'w.yaml',
    });
  });

  it('leaves what is said twice to its author', () => {
    const { text, changes } = migrateWorkflows(
      'apiVersion: workflow.dev/v1\nkind: Workflow\nvariables: { a: 1 }\nspec:\n  variables: { a: 2 }\n',
    );
    expect(changes).toEqual([
      'Replaced "apiVersion: workflow.dev/v1" by "innominatus.dev/v1".',
    ]);
    expect(text).toContain('variables: { a: 1 }\nspec:');
  });
});
