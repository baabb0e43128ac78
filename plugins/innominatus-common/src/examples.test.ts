import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
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
      'policies',
      'providers',
      'workflows',
    ].flatMap(folder =>
      filesBelow(`examples/${folder}`, '.yaml').map(file =>
        relative(ROOT, file),
      ),
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

  it.each(blocks.filter(({ text }) => /^apiVersion: score\.dev/m.test(text)))(
    'the Score spec at $name is valid',
    ({ text }) => {
      expect(readScore(text)).toMatchObject({ valid: true });
    },
  );
});
