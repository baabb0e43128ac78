import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { readDefinitions } from './definitions';
import { generateManifests } from './generate';
import { readScore, readScoreObject } from './score';

const ROOT = resolve(__dirname, '../../..');

function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(join(ROOT, folder), {
    recursive: true,
    withFileTypes: true,
  })
    .filter(entry => entry.isFile() && entry.name.endsWith(extension))
    .map(entry => join(entry.parentPath, entry.name));
}

/** The YAML blocks of a page, with the line they begin at in their name. */
function yamlBlocks(file: string): Array<{ name: string; text: string }> {
  const page = readFileSync(file, 'utf8');
  return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(match => ({
    name: `${relative(ROOT, file)}:${page.slice(0, match.index).split('\n').length}`,
    text: match[1],
  }));
}

function problemsOf(text: string, file: string): string[] {
  return readDefinitions(text, { file }).diagnostics.map(
    ({ line, message }) => `${file}:${line} ${message}`,
  );
}

describe('examples', () => {
  it.each(
    [
      'commands',
      'environments',
      'golden-paths',
      'more',
      'policies',
      'providers',
      'workflows',
    ].flatMap(folder =>
      filesBelow(`examples/${folder}`, '.yaml')
        .map(file => relative(ROOT, file))
        .filter(file => !file.startsWith('examples/more/score/')),
    ),
  )('%s has no problem', file => {
    expect(problemsOf(readFileSync(join(ROOT, file), 'utf8'), file)).toEqual(
      [],
    );
  });

  it.each(['podinfo', 'orders', 'partners'])(
    'the Score spec of %s is valid',
    name => {
      const text = readFileSync(
        join(ROOT, `examples/score/${name}.yaml`),
        'utf8',
      );
      expect(readScore(text)).toMatchObject({ valid: true });
    },
  );

  it('the Score spec with files, an image and overrides gives manifests', () => {
    const read = (name: string) =>
      readFileSync(join(ROOT, 'examples/more/score', name), 'utf8');
    const spec = {
      score: read('score.yaml'),
      sources: {
        'files/reports.conf': { content: read('files/reports.conf') },
      },
    };
    const generate = (options: object = {}) =>
      generateManifests({ specs: [spec], image: 'reports:1.4', ...options });
    const plain = generate();
    expect(plain.diagnostics.filter(d => d.severity !== 'info')).toEqual([]);
    const text = JSON.stringify(plain.manifests);
    expect(text).toContain('"image":"reports:1.4"');
    // What is read has its placeholders replaced, what says noExpand has not.
    expect(text).toContain('name = reports');
    expect(text).toContain('Dear ${recipient}, this is ${metadata.name}.');
    expect(text).toContain('R0lGODlhAQABAAAAACH5');
    expect(text).not.toContain('LOG_LEVEL');
    const changed = generate({ overrides: read('overrides.yaml') });
    expect(changed.diagnostics.filter(d => d.severity !== 'info')).toEqual([]);
    expect(JSON.stringify(changed.manifests)).toContain('LOG_LEVEL');
    expect(JSON.stringify(changed.manifests)).not.toContain('R0lGODlhAQAB');
  });

  it('the default configuration loads nothing that needs a system outside', () => {
    for (const file of readdirSync(ROOT).filter(name =>
      /^app-config.*\.yaml$/.test(name),
    )) {
      expect(readFileSync(join(ROOT, file), 'utf8')).not.toContain(
        'examples/more',
      );
    }
  });

  it('the Score specs of the boutique give manifests together', () => {
    const specs = filesBelow('examples/boutique', '.yaml').map(file => ({
      file: relative(ROOT, file),
      score: readFileSync(file, 'utf8'),
    }));
    expect(specs).toHaveLength(11);
    const { diagnostics, manifests } = generateManifests({ specs });
    expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual(
      [],
    );
    const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(11);
  });

  it('the broken Score spec says what is wrong and how to mend it', () => {
    const text = readFileSync(join(ROOT, 'examples/score/broken.yaml'), 'utf8');
    const { diagnostics, workload } = readScore(text);
    expect(workload).toBeUndefined();
    expect(diagnostics).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          line: 6,
          suggestions: ['Rename "imagee" to "image".'],
        }),
      ]),
    );
  });

  it('the components of the catalog carry the same Score specs as the files', () => {
    const entities = parseAllDocuments(
      readFileSync(join(ROOT, 'examples/catalog/entities.yaml'), 'utf8'),
    ).map(document => document.toJS());
    for (const name of ['podinfo', 'orders', 'broken']) {
      const entity = entities.find(each => each.metadata.name === name);
      const text = readFileSync(
        join(ROOT, `examples/score/${name}.yaml`),
        'utf8',
      );
      expect(readScoreObject(entity.spec.score).document).toEqual(
        readScore(text).document,
      );
    }
  });
});

describe('documentation', () => {
  const pages = [...filesBelow('docs', '.md'), join(ROOT, 'README.md')];
  const blocks = pages.flatMap(yamlBlocks);

  it.each(pages.map(page => relative(ROOT, page)))(
    'every link of %s leads somewhere',
    page => {
      const links = readFileSync(join(ROOT, page), 'utf8').matchAll(
        /\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g,
      );
      const missing = [...links]
        .map(([, link]) => link)
        .filter(link => !existsSync(resolve(ROOT, page, '..', link)));
      expect(missing).toEqual([]);
    },
  );

  it.each(
    blocks.filter(({ text }) => /^apiVersion: innominatus\.dev/m.test(text)),
  )('the definitions at $name have no problem', ({ name, text }) => {
    expect(problemsOf(text, name)).toEqual([]);
  });

  // Parts of a definition, which the pages show without what is around them.
  it.each(blocks.filter(({ text }) => /^resourceTypes:/.test(text)))(
    'the resource types at $name have no problem',
    ({ name, text }) => {
      const provider = `apiVersion: innominatus.dev/v1\nkind: Provider\nmetadata: { name: documented, version: 1.0.0 }\nspec:\n${text.replace(/^/gm, '  ')}`;
      const whole =
        provider.includes('operations:') || /values:/.test(provider);
      expect(
        problemsOf(
          whole
            ? provider
            : provider.replace(
                /^( *)outputs:/m,
                '$1operations: { create: { workflow: documented } }\n$1outputs:',
              ),
          name,
        ),
      ).toEqual([]);
    },
  );

  it.each(blocks.filter(({ text }) => /^resources:/.test(text)))(
    'the resources at $name are those of a Score spec',
    ({ text }) => {
      const around =
        'apiVersion: score.dev/v1b1\nmetadata: { name: documented }\ncontainers: { main: { image: nginx } }\n';
      expect(readScore(around + text)).toMatchObject({ valid: true });
    },
  );

  it.each(blocks.filter(({ text }) => /^innominatus:/.test(text)))(
    'the configuration at $name names keys that the plugins read',
    ({ text }) => {
      const declared = filesBelow('plugins', 'config.d.ts')
        .filter(file => !file.includes('node_modules'))
        .map(file => readFileSync(file, 'utf8'))
        .join('\n');
      const keysOf = (value: unknown): string[] =>
        typeof value === 'object' && value !== null
          ? Object.entries(value).flatMap(([key, child]) => [
              ...(Array.isArray(value) ? [] : [key]),
              ...keysOf(child),
            ])
          : [];
      const unknown = keysOf(parse(text)).filter(
        key => !new RegExp(`\\b${key}\\b`).test(declared),
      );
      expect(unknown).toEqual([]);
    },
  );

  it.each(blocks.filter(({ text }) => /^apiVersion: score\.dev/m.test(text)))(
    'the Score spec at $name is valid',
    ({ text }) => {
      expect(readScore(text)).toMatchObject({ valid: true });
    },
  );
});
