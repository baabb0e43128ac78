import { compileWorkflow } from '../workflow/compile/compileWorkflow';
import { readWorkflowDocuments } from '../workflow/compile/readWorkflowDocuments';
import { readScore } from '../score';
import { migrateFile } from './migrateFile';
import { migrateScore } from './migrateScore';

const ORIGINAL = `# The shop
apiVersion: score.dev/v1
metadata:
  name: shop # of team a
containers:
  web:
    image: shop:1
    env:
      DEBUG: true # loud
      PORT: 8080
      HOST: \${resources.db.outputs.host}
resources:
  db:
    type: postgres
    properties:
      version: "15"
  cache:
    type: redis
    properties:
      host: { secret: false }
environment:
  type: staging
  ttl: 2h
workflows:
  deploy:
    steps:
      # first of all
      - name: check
        type: validation
        timeout: 30
`;

const CANONICAL = `# The shop
apiVersion: score.dev/v1b1
metadata:
  name: shop # of team a
containers:
  web:
    image: shop:1
    variables:
      DEBUG: "true" # loud
      PORT: "8080"
      HOST: \${resources.db.host}
resources:
  db:
    type: postgres
    params:
      version: "15"
  cache:
    type: redis
`;

const DRAFT = `apiVersion: score.dev/v1b1
metadata: {name: old}
containers:
  main:
    image: busybox
    files:
    # what it reads
    - target: /etc/a
      mode: 0600
      content: [one, two]
    volumes:
    - {source: '\${resources.data}', target: /mnt/data, read_only: true}
    variables:
resources:
  data: {type: volume}
`;

describe('rewriting Score specs of earlier forms', () => {
  it('makes plain Score of a spec with the extensions of the original', () => {
    const migrated = migrateScore(ORIGINAL, { file: 'score.yaml' });
    expect(migrated.text).toBe(CANONICAL);
    expect(migrated.changes).toEqual([
      'Replaced "apiVersion: score.dev/v1" by "score.dev/v1b1".',
      'Renamed "containers.web.env" to "variables".',
      'Quoted "containers.web.variables.DEBUG": "true".',
      'Quoted "containers.web.variables.PORT": "8080".',
      'Renamed "resources.db.properties" to "params".',
      'Removed "resources.cache.properties", which only named the outputs.',
      'Shortened a placeholder to "${resources.db.host}".',
      'Removed "environment" (type staging, ttl 2h): name the environment when deploying, for example innominatus deploy -e staging.',
      'Moved "workflows.deploy" to a file of its own, shop-deploy.workflow.yaml.',
    ]);
    expect(migrated.diagnostics).toEqual([]);
    expect(migrated.remaining).toEqual([]);
  });

  it('writes extracted workflows that compile and keep their comments', () => {
    const [{ file, text }] = migrateScore(ORIGINAL).extracted;
    expect(file).toBe('shop-deploy.workflow.yaml');
    expect(text).toBe(`apiVersion: innominatus.dev/v1
kind: Workflow
metadata:
  name: shop-deploy
spec:
  steps:
    # first of all
    - name: check
      type: validation
      timeout: 30s
`);
    const [document] = readWorkflowDocuments(text);
    expect(
      compileWorkflow(document.value, document).diagnostics.filter(
        ({ severity }) => severity === 'error',
      ),
    ).toEqual([]);
  });

  it('turns the lists of old drafts into maps and says the same afterwards', () => {
    const migrated = migrateScore(DRAFT);
    expect(migrated.text).toContain('      # what it reads\n      /etc/a:');
    expect(migrated.text).toContain('mode: "0600"');
    expect(migrated.text).toContain('readOnly: true');
    expect(migrated.text).not.toContain('variables');
    const before = readScore(
      DRAFT.replace('    variables:\n', '').replace('0600', '"0600"'),
      { acceptRemoved: true },
    );
    const after = readScore(migrated.text);
    expect(after.diagnostics).toEqual([]);
    expect(after.document).toEqual(before.document);
  });

  it('changes nothing the second time', () => {
    for (const text of [ORIGINAL, DRAFT]) {
      const once = migrateScore(text);
      expect(migrateScore(once.text)).toEqual({
        text: once.text,
        changes: [],
        extracted: [],
        diagnostics: [],
        remaining: [],
      });
    }
  });

  it('leaves what only a person can decide, and names it', () => {
    const { text, changes, remaining } = migrateScore(`metadata:
  name: my_shop
containers:
  web:
    image: a:1
    variables: { A: x }
    env: { A: y }
`);
    expect(changes).toEqual(['Added "apiVersion: score.dev/v1b1".']);
    expect(text).toContain('env: { A: y }');
    expect(remaining.map(({ severity, line }) => [severity, line])).toEqual([
      ['error', 3],
      ['error', 8],
    ]);
  });

  it('reads variables that are written as a list', () => {
    const { text } = migrateScore(
      'apiVersion: score.dev/v1b1\nmetadata: {name: shop}\ncontainers:\n  web:\n    image: a:1\n    env:\n      - {name: A, value: 1}\n      - {name: B, value: two}\n',
    );
    expect(readScore(text).workload?.containers.web.variables).toEqual({
      A: '1',
      B: 'two',
    });
  });

  it('does not touch a file that cannot be read', () => {
    const text = 'apiVersion: score.dev/v1\ncontainers: {a\n';
    const { diagnostics, ...rest } = migrateScore(text, { file: 'a.yaml' });
    expect(rest).toEqual({ text, changes: [], extracted: [], remaining: [] });
    expect(diagnostics[0]).toMatchObject({
      code: 'YAML_SYNTAX',
      file: 'a.yaml',
    });
  });
});

describe('rewriting any file', () => {
  it('tells Score specs and workflows apart', () => {
    expect(migrateFile(ORIGINAL).kind).toBe('score');
    expect(migrateFile('containers: {}\n').kind).toBe('score');
    const workflows = migrateFile('steps:\n  - {name: a, type: simulate}\n');
    expect(workflows.kind).toBe('workflows');
    expect(workflows.text).toContain('kind: Workflow');
  });

  it('leaves a Kubernetes manifest alone', () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n';
    expect(migrateFile(text)).toMatchObject({
      kind: 'workflows',
      text,
      changes: [],
    });
  });
});
