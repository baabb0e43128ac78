import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinitions } from '../../definitions/readDefinitions';
import { compileWorkflow } from './compileWorkflow';
import { readWorkflowDocuments } from './readWorkflowDocuments';

const FOLDER = join(__dirname, '__fixtures__');
const NAMES = readdirSync(FOLDER)
  .filter(file => file.endsWith('.earlier.yaml'))
  .map(file => file.split('.')[0]);

function compileFile(name: string) {
  const text = readFileSync(join(FOLDER, `${name}.yaml`), 'utf8');
  return readWorkflowDocuments(text, { file: name }).map(document => {
    expect(document.diagnostics).toEqual([]);
    return compileWorkflow(document.value, {
      ...document,
      // What a provider passes besides the parameters that are declared.
      parameters: name.startsWith('provider') ? ['resource'] : undefined,
    });
  });
}

describe('files in earlier forms', () => {
  it.each(NAMES)('%s means the same as its canonical form', name => {
    const earlier = compileFile(`${name}.earlier`);
    const canonical = compileFile(`${name}.canonical`);
    expect(earlier.map(({ definition }) => definition)).toEqual(
      canonical.map(({ definition }) => definition),
    );
    expect(earlier.map(({ metadata }) => metadata)).toEqual(
      canonical.map(({ metadata }) => metadata),
    );
    expect(earlier.map(({ parameters }) => parameters)).toEqual(
      canonical.map(({ parameters }) => parameters),
    );
    expect(earlier.every(({ definition }) => definition)).toBe(true);
  });

  it.each(NAMES)('%s is shown the canonical form of what differs', name => {
    for (const { diagnostics } of compileFile(`${name}.earlier`)) {
      const told = diagnostics.filter(d => d.code === 'WORKFLOW_LEGACY_FORM');
      expect(told.length).toBeGreaterThan(0);
      for (const { severity, message, line } of told) {
        expect(severity).toBe('info');
        expect(message).toMatch(/canonical|has no effect|belongs to/);
        expect(line).toBeGreaterThan(0);
      }
      expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
    }
  });

  it.each(NAMES)('%s is read as a definition', name => {
    const text = readFileSync(join(FOLDER, `${name}.earlier.yaml`), 'utf8');
    const { definitions, diagnostics } = readDefinitions(text, { file: name });
    expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
    expect([...definitions.workflows, ...definitions.goldenPaths].length).toBe(
      readWorkflowDocuments(text).length,
    );
  });

  it.each(NAMES)('%s has nothing to tell in its canonical form', name => {
    for (const { diagnostics } of compileFile(`${name}.canonical`)) {
      expect(
        diagnostics.filter(d => d.code === 'WORKFLOW_LEGACY_FORM'),
      ).toEqual([]);
    }
  });
});
