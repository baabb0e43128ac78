import { managementDoubts, managementOf } from './management';
import { readDefinitions } from './readDefinitions';

const WORKFLOWS = `---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: make }
spec:
  steps:
    - { name: ask, type: http, config: {} }
  outputs: { host: db.example }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: order }
spec:
  steps:
    - { name: ask, type: http, config: {} }
    - { name: merged, type: git-check-pr, config: {} }
  outputs: { host: db.example }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: pretend }
spec:
  steps:
    - { name: team, type: simulate, config: { outside: { for: 20s } } }
  outputs: { host: db.example }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: special }
spec:
  steps:
    - { name: ask, type: mainframe, config: {} }
  outputs: { host: db.example }
`;

const STEP_TYPES = Object.fromEntries(
  ['http', 'git-check-pr', 'simulate', 'mainframe'].map(name => [name, {}]),
);

/** A provider with one resource type, said in YAML. */
function read(lines: string) {
  const text = `apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: desk, version: 1.0.0 }
spec:
  resourceTypes:
    - type: postgres
${lines.replace(/^/gm, '      ')}
${WORKFLOWS}`;
  const { definitions, diagnostics } = readDefinitions(text, {
    file: 'desk.yaml',
    stepTypes: STEP_TYPES as never,
  });
  const find = (name: string) =>
    definitions.workflows.find(item => item.name === name);
  const [provider] = definitions.providers;
  return {
    diagnostics,
    management: provider && managementOf(provider.resourceTypes[0], find),
    doubts: provider && managementDoubts(provider, find),
  };
}

const OUTPUTS = 'outputs: [{ name: host }]';
const workflow = (name: string) =>
  `operations: { create: { workflow: ${name} } }`;

describe('management of resources', () => {
  it.each([
    ['native', 'a workflow makes them', workflow('make')],
    ['delegated', 'a workflow waits for a merge', workflow('order')],
    ['delegated', 'a simulated step waits', workflow('pretend')],
    ['native', 'a step type that nobody knows', workflow('special')],
    ['external', 'there are values only', `${OUTPUTS}\nvalues: { host: db }`],
    [
      'external',
      'they are only looked at',
      `${OUTPUTS}\nvalues: { host: db }\noperations: { read: { workflow: make } }`,
    ],
    [
      'native',
      'objects are delivered',
      `${OUTPUTS}\nvalues: { host: db }\nmanifests: [{ apiVersion: v1, kind: Service }]`,
    ],
    [
      'delegated',
      'only a change is made outside',
      'operations: { create: { workflow: make }, update: { workflow: order } }',
    ],
    ['native', 'nothing is said at all', 'description: Something'],
  ])('is %s when %s', (expected, _when, lines) => {
    const { management, doubts, diagnostics } = read(lines);
    expect(diagnostics).toEqual([]);
    expect(management).toBe(expected);
    expect(doubts).toEqual([]);
  });

  it.each(['native', 'delegated', 'external'])(
    'is %s when the manifest says so',
    said => {
      const values = `${OUTPUTS}\nvalues: { host: db }`;
      const lines = said === 'delegated' ? workflow('special') : values;
      const { management, doubts } = read(`management: ${said}\n${lines}`);
      expect(management).toBe(said);
      expect(doubts).toEqual([]);
    },
  );

  it.each([
    ['external', workflow('make'), 'the workflow "make" makes'],
    [
      'external',
      `${OUTPUTS}\nvalues: { host: db }\noperations: { delete: { workflow: make } }`,
      'the workflow "make" makes, changes or deletes it',
    ],
    [
      'external',
      `${OUTPUTS}\nvalues: { host: db }\nmanifests: [{ apiVersion: v1, kind: Service }]`,
      '"manifests" delivers objects',
    ],
    ['external', 'description: Somewhere', 'nothing says where it is'],
    [
      'delegated',
      `${OUTPUTS}\nvalues: { host: db }`,
      'no workflow asks anybody to make it',
    ],
  ])('refuses %s with %j, at its line', (said, lines, message) => {
    const { diagnostics, management } = read(`management: ${said}\n${lines}`);
    expect(diagnostics).toEqual([
      expect.objectContaining({
        severity: 'error',
        code: 'PROVIDER_MANAGEMENT_CONTRADICTED',
        file: 'desk.yaml',
        line: 7,
        message: expect.stringContaining(message),
      }),
    ]);
    expect(management).toBeUndefined();
  });

  it('refuses another word', () => {
    const { diagnostics } = read(`management: magic\n${workflow('make')}`);
    expect(diagnostics).toEqual([
      expect.objectContaining({ code: 'DEFINITION_INVALID_VALUE', line: 7 }),
    ]);
  });

  it('doubts what is said to be delegated although nobody is waited for', () => {
    const { doubts, management } = read(
      `management: delegated\n${workflow('make')}`,
    );
    expect(management).toBe('delegated');
    expect(doubts).toEqual([
      {
        code: 'PROVIDER_MANAGEMENT_DOUBTFUL',
        pointer: '/spec/resourceTypes/0/management',
        message: expect.stringContaining('no step of its workflows waits'),
      },
    ]);
  });

  it('doubts what is said to be native although somebody is waited for', () => {
    const { doubts, management } = read(
      `management: native\n${workflow('order')}`,
    );
    expect(management).toBe('native');
    expect(doubts).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('the step "merged" waits'),
      }),
    ]);
  });
});
