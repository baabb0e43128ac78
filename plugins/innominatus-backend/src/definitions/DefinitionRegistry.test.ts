import { mockServices } from '@backstage/backend-test-utils';
import {
  mkdir,
  mkdtemp,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ENVIRONMENT,
  PROVIDER,
  WORKFLOW,
} from '../__testUtils__/smallDefinitions';
import { StepTypeRegistry, simulateStepType } from '../stepTypes';
import { DefinitionRegistry } from './DefinitionRegistry';

describe('DefinitionRegistry', () => {
  let folder: string;
  let changes: number;
  let registry: DefinitionRegistry;
  let modified = 1_000_000;

  const write = async (name: string, text: string) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    // Files written within one tick of the clock must still look changed.
    modified += 10;
    await utimes(file, modified, modified);
    await registry?.refresh();
  };

  const messages = () =>
    registry
      .problems()
      .flatMap(problem => problem.diagnostics.map(item => item.message));

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'innominatus-definitions-'));
    changes = 0;
    const logger = mockServices.logger.mock();
    registry = DefinitionRegistry.fromConfig(
      mockServices.rootConfig({
        data: {
          innominatus: { locations: [{ type: 'file', target: 'platform' }] },
        },
      }),
      {
        logger,
        urlReader: mockServices.urlReader.mock(),
        stepTypes: StepTypeRegistry.create([simulateStepType]),
        baseDirectory: folder,
        onChange: () => {
          changes += 1;
        },
      },
    );
  });

  afterEach(async () => {
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('reads folders all the way down and only what changed', async () => {
    await write('platform/environments/dev.yaml', ENVIRONMENT);
    await write(
      'platform/a/b/provider.yml',
      [PROVIDER, WORKFLOW].join('---\n'),
    );
    expect(registry.problems()).toEqual([]);
    expect(registry.environment('development')?.source).toBe(
      'platform/environments/dev.yaml',
    );
    expect(registry.providers().map(item => item.name)).toEqual(['simulator']);
    expect(changes).toBe(2);
    await registry.refresh();
    expect(changes).toBe(2);
    await rm(path.join(folder, 'platform/environments'), { recursive: true });
    await registry.refresh();
    expect(registry.environments()).toEqual([]);
  });

  it('keeps the last good version of what is broken now and says what is wrong', async () => {
    await write(
      'platform/all.yaml',
      [ENVIRONMENT, PROVIDER, WORKFLOW].join('---\n'),
    );
    await write(
      'platform/all.yaml',
      [
        ENVIRONMENT,
        PROVIDER.replace('version: 1.0.0', 'version: new'),
        WORKFLOW.replace('type: simulate', 'type: simulat'),
      ].join('---\n'),
    );
    expect(registry.provider('simulator')?.version).toBe('1.0.0');
    expect(registry.workflow('make')).toBeDefined();
    expect(messages()).toEqual([
      expect.stringContaining('metadata.version'),
      expect.stringContaining('"simulat"'),
    ]);
    await write('platform/all.yaml', 'kind: [');
    expect(registry.provider('simulator')?.version).toBe('1.0.0');
    expect(registry.environment('development')).toBeDefined();
    await write(
      'platform/all.yaml',
      [PROVIDER.replace('1.0.0', '2.0.0'), WORKFLOW].join('---\n'),
    );
    expect(registry.provider('simulator')?.version).toBe('2.0.0');
    expect(registry.environments()).toEqual([]);
    expect(messages()).toEqual([]);
  });

  it('does not use a provider whose workflow is missing or gives too little', async () => {
    await write('platform/provider.yaml', PROVIDER);
    expect(registry.providers()).toEqual([]);
    expect(messages()).toEqual([
      expect.stringContaining('names the workflow "make"'),
      expect.stringContaining('names the workflow "make"'),
    ]);
    await write(
      'platform/workflow.yaml',
      WORKFLOW.replace("outputs: { host: '${make.host}' }", 'timeout: 1h'),
    );
    expect(registry.providers()).toEqual([]);
    expect(messages()[0]).toContain('has no such output');
    await write('platform/workflow.yaml', WORKFLOW);
    expect(registry.providers()).toHaveLength(1);
  });

  it('keeps a provider that was good when what it needs is broken, and says so', async () => {
    await write('platform/provider.yaml', PROVIDER);
    await write('platform/workflow.yaml', WORKFLOW);
    expect(registry.isLastGood('Provider', 'simulator')).toBe(false);
    await write(
      'platform/workflow.yaml',
      WORKFLOW.replace("outputs: { host: '${make.host}' }", 'timeout: 1h'),
    );
    expect(registry.provider('simulator')).toBeDefined();
    expect(Object.keys(registry.workflow('make')!.definition.outputs)).toEqual([
      'host',
    ]);
    expect(registry.isLastGood('Provider', 'simulator')).toBe(true);
    expect(registry.isLastGood('Workflow', 'make')).toBe(true);
    expect(messages()[0]).toContain('has no such output');
    await write(
      'platform/provider.yaml',
      PROVIDER.replace('1.0.0', '2.0.0').replace(
        'outputs: [{ name: host }]',
        'outputs: [{ name: port }]',
      ),
    );
    await write('platform/workflow.yaml', WORKFLOW);
    expect(registry.provider('simulator')?.version).toBe('1.0.0');
    expect(registry.isLastGood('Provider', 'simulator')).toBe(true);
    expect(registry.isLastGood('Workflow', 'make')).toBe(false);
    await write('platform/provider.yaml', PROVIDER.replace('1.0.0', '2.1.0'));
    expect(registry.provider('simulator')?.version).toBe('2.1.0');
    expect(registry.isLastGood('Provider', 'simulator')).toBe(false);
    expect(messages()).toEqual([]);
  });

  it('does not use a provider that is made for another version', async () => {
    await write('platform/workflow.yaml', WORKFLOW);
    const of = (range: string) =>
      PROVIDER.replace('spec:', `spec:\n  compatibility: '${range}'`);
    const found = () =>
      registry
        .problems()
        .flatMap(({ diagnostics }) =>
          diagnostics.map(({ code, line, column }) => [code, line, column]),
        );
    await write('platform/provider.yaml', of('>=99'));
    expect(registry.providers()).toEqual([]);
    expect(found()).toEqual([['PROVIDER_INCOMPATIBLE', 5, 18]]);
    await write('platform/provider.yaml', of('sometimes'));
    expect(found()).toEqual([['PROVIDER_COMPATIBILITY_INVALID', 5, 18]]);
    await write('platform/provider.yaml', of('>=0.1.0 <99'));
    expect(registry.providers()).toHaveLength(1);
    expect(found()).toEqual([]);
  });

  it('points into the schemas of a provider that are not valid', async () => {
    await write('platform/workflow.yaml', WORKFLOW);
    await write(
      'platform/provider.yaml',
      PROVIDER.replace(
        'outputs: [{ name: host }]',
        [
          'parameters:',
          '        properties:',
          '          size: { type: txt }',
          '      outputs:',
          '        - name: host',
          "          schema: { type: string, pattern: '(?=a)b' }",
        ].join('\n'),
      ),
    );
    expect(registry.providers()).toEqual([]);
    expect(
      registry
        .problems()
        .flatMap(({ diagnostics }) =>
          diagnostics.map(({ line, pointer }) => [line, pointer]),
        ),
    ).toEqual([
      [9, '/spec/resourceTypes/0/parameters/properties/size/type'],
      [12, '/spec/resourceTypes/0/outputs/0/schema'],
    ]);
    expect(messages()[1]).toContain('the pattern "(?=a)b" cannot be used');
  });

  it('reports names that are used in two files, and providers that claim the same', async () => {
    await write(
      'platform/a.yaml',
      [ENVIRONMENT, PROVIDER, WORKFLOW].join('---\n'),
    );
    await write('platform/b.yaml', ENVIRONMENT);
    expect(messages()).toEqual([
      expect.stringContaining('already defined in "platform/a.yaml"'),
    ]);
    await write(
      'platform/b.yaml',
      PROVIDER.replace('name: simulator', 'name: rival'),
    );
    expect(
      registry
        .problems()
        .map(({ name, diagnostics }) => [name, diagnostics[0].code]),
    ).toEqual([
      ['simulator', 'PROVIDER_CONFLICT'],
      ['rival', 'PROVIDER_CONFLICT'],
    ]);
  });

  it('never reads a file that a link leads to outside of the folder', async () => {
    const secret = path.join(folder, 'secret.yaml');
    await write('secret.yaml', ENVIRONMENT);
    await mkdir(path.join(folder, 'platform'), { recursive: true });
    await symlink(secret, path.join(folder, 'platform/link.yaml'));
    await registry.refresh();
    expect(registry.environments()).toEqual([]);
    expect(registry.problems()[0].diagnostics[0].code).toBe(
      'LOCATION_UNREADABLE',
    );
  });

  it('shows a location that does not exist as a problem and comes back', async () => {
    await registry.start();
    expect(messages()).toEqual([
      expect.stringContaining('"platform" does not exist'),
    ]);
    expect(changes).toBe(1);
    await write('platform/dev.yaml', ENVIRONMENT);
    expect(registry.environments()).toHaveLength(1);
    expect(messages()).toEqual([]);
  });
});
