import { readDefinitions } from './readDefinitions';

const PROVIDER = `apiVersion: innominatus.dev/v1
kind: Provider
metadata:
  name: simulator
  version: 1.0.0
spec:
  resourceTypes:
    - type: dns
      outputs:
        - name: host
      values:
        host: \${resource.name}.example
    - type: postgres
      aliases: [postgresql]
      environments:
        types: [development]
      outputs:
        - name: host
        - name: password
          sensitive: true
      hints:
        - type: text
          label: Host
          value: \${outputs.host}
      operations:
        create:
          workflow: simulate-postgres
        delete:
          workflow: simulate-delete
`;

const ENVIRONMENT = `apiVersion: innominatus.dev/v1
kind: Environment
metadata:
  name: preview
spec:
  type: ephemeral
  target:
    type: git
    repository: https://git.example/deploy.git
`;

const WORKFLOW = `apiVersion: innominatus.dev/v1
kind: Workflow
metadata:
  name: simulate-postgres
spec:
  parameters:
    size:
      type: string
  steps:
    - name: create
      type: simulate
      config:
        log: ['\${params.size} for \${params.resource.name}']
`;

describe('readDefinitions', () => {
  it('reads all kinds of one file', () => {
    const { definitions, diagnostics } = readDefinitions(
      [PROVIDER, ENVIRONMENT, WORKFLOW].join('---\n'),
      { file: 'platform.yaml' },
    );
    expect(diagnostics).toEqual([]);
    expect(definitions.environments).toEqual([
      expect.objectContaining({
        name: 'preview',
        type: 'ephemeral',
        source: 'platform.yaml',
        target: {
          type: 'git',
          repository: 'https://git.example/deploy.git',
          branch: 'main',
          path: '.',
        },
      }),
    ]);
    const [provider] = definitions.providers;
    expect(provider.resourceTypes.map(type => type.type)).toEqual([
      'dns',
      'postgres',
    ]);
    // What can be created again can be updated the same way.
    expect(provider.resourceTypes[1].operations).toEqual({
      create: { workflow: 'simulate-postgres' },
      update: { workflow: 'simulate-postgres' },
      delete: { workflow: 'simulate-delete' },
      read: {},
    });
    expect(definitions.workflows.map(workflow => workflow.name)).toEqual([
      'simulate-postgres',
    ]);
  });

  it('refuses an end for an environment that is there as long as its file', () => {
    const text = ENVIRONMENT.replace('ephemeral', 'testing\n  ttl: 2h');
    const { definitions, diagnostics } = readDefinitions(text);
    expect(definitions.environments).toEqual([]);
    expect(diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'ENVIRONMENT_TTL_IN_FILE',
        line: 7,
        suggestions: [expect.stringContaining('environments create')],
      },
    ]);
    // The same file is good for the API.
    expect(
      readDefinitions(text, { mayEnd: true }).definitions.environments,
    ).toMatchObject([{ name: 'preview', ttl: 'PT7200S' }]);
  });

  it('points at an unknown key and names the nearest known one', () => {
    const { definitions, diagnostics } = readDefinitions(
      PROVIDER.replace('aliases:', 'aliasess:').replace(
        '        - name: password\n          sensitive',
        '        - name: password\n          sensitiv',
      ),
      { file: 'provider.yaml' },
    );
    expect(definitions.providers).toEqual([]);
    expect(
      diagnostics.map(({ line, column, message, suggestions, file }) => ({
        line,
        column,
        message,
        suggestion: suggestions[0],
        file,
      })),
    ).toEqual([
      {
        line: 20,
        column: 11,
        message: expect.stringContaining('"sensitiv"'),
        suggestion: 'Did you mean "sensitive"?',
        file: 'provider.yaml',
      },
      {
        line: 14,
        column: 7,
        message: expect.stringContaining('"aliasess"'),
        suggestion: 'Did you mean "aliases"?',
        file: 'provider.yaml',
      },
    ]);
  });

  it('reports a missing key at the object that should have it', () => {
    const { diagnostics } = readDefinitions(
      PROVIDER.replace('  version: 1.0.0\n', ''),
    );
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: 'DEFINITION_MISSING_KEY',
        pointer: '/metadata',
        line: 4,
      }),
    ]);
  });

  it('refuses outputs that nothing gives and references that lead nowhere', () => {
    const { diagnostics } = readDefinitions(
      PROVIDER.replace('${resource.name}.example', '${steps.x.y}').replace(
        '        - name: host\n      values',
        '        - name: host\n        - name: zone\n      values',
      ),
    );
    expect(diagnostics.map(diagnostic => diagnostic.code).sort()).toEqual([
      'PROVIDER_OUTPUT_MISSING',
      'TEMPLATE_UNKNOWN_REFERENCE',
    ]);
  });

  it('reads who owns a provider and how its resources are looked at', () => {
    const { definitions, diagnostics } = readDefinitions(
      PROVIDER.replace(
        '  version',
        '  owner: Platform-Team\n  version',
      ).replace(
        '        delete:',
        '        read:\n          workflow: look\n        delete:',
      ),
    );
    expect(diagnostics).toEqual([]);
    const [provider] = definitions.providers;
    expect(provider.owner).toBe('group:default/platform-team');
    expect(provider.resourceTypes[1].operations.read).toEqual({
      workflow: 'look',
    });
  });

  it.each(['1.0', 'v1.0.0', '01.0.0', '1.0.0-01', '1.0.0+', 'latest'])(
    'refuses %s as the version of a provider',
    version => {
      const { diagnostics } = readDefinitions(
        PROVIDER.replace('1.0.0', `'${version}'`),
      );
      expect(diagnostics).toEqual([
        expect.objectContaining({ pointer: '/metadata/version', line: 5 }),
      ]);
    },
  );

  it.each(['1.0.0-rc.1', '1.0.0-x-y.7+build.01', '0.0.0'])(
    'accepts %s as the version of a provider',
    version => {
      const { definitions } = readDefinitions(
        PROVIDER.replace('1.0.0', `'${version}'`),
      );
      expect(definitions.providers[0].version).toBe(version);
    },
  );

  it('refuses an owner that is no group', () => {
    const { diagnostics } = readDefinitions(
      PROVIDER.replace('  version', '  owner: user:default/jane\n  version'),
    );
    expect(diagnostics).toEqual([
      expect.objectContaining({ pointer: '/metadata/owner', line: 5 }),
    ]);
  });

  it('tells how a list of golden paths of the earlier form becomes documents', () => {
    const { diagnostics } = readDefinitions(
      'goldenpaths:\n  deploy-app: ./workflows/deploy-app.yaml\n',
      { file: 'goldenpaths.yaml' },
    );
    expect(diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'DEFINITION_EARLIER_FORM',
        line: 2,
        suggestions: [
          expect.stringContaining(
            'innominatus migrate goldenpaths.yaml --write',
          ),
        ],
      },
    ]);
  });

  it('keeps the good documents of a file with a bad one', () => {
    const { definitions, problems } = readDefinitions(
      [ENVIRONMENT, 'kind: Enviroment\n', WORKFLOW].join('---\n'),
    );
    expect(definitions.environments).toHaveLength(1);
    expect(definitions.workflows).toHaveLength(1);
    expect(problems).toEqual([
      expect.objectContaining({
        kind: 'Enviroment',
        diagnostics: [expect.objectContaining({ code: 'DEFINITION_KIND' })],
      }),
    ]);
  });

  it('refuses duplicates, prototype keys and bad durations without throwing', () => {
    for (const text of [
      [ENVIRONMENT, ENVIRONMENT].join('---\n'),
      `${ENVIRONMENT}__proto__:\n  a: 1\n`,
      ENVIRONMENT.replace('ephemeral', 'ephemeral\n  ttl: soon'),
      'a: [',
      '[[[[[[[',
    ]) {
      expect(
        readDefinitions(text).diagnostics.some(
          diagnostic => diagnostic.severity === 'error',
        ),
      ).toBe(true);
    }
  });
});
