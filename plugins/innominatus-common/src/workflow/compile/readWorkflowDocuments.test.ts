import { readWorkflowDocuments } from './readWorkflowDocuments';

const read = (text: string) => readWorkflowDocuments(text, { file: 'f.yaml' });
const messages = (text: string) =>
  read(text).flatMap(d => d.diagnostics.map(x => x.message));

describe('readWorkflowDocuments', () => {
  it('reads several definitions of one file with their positions', () => {
    const documents = read(
      'kind: Workflow\nmetadata:\n  name: a\n---\nkind: GoldenPath\nmetadata:\n  name: b\n---\n',
    );
    expect(documents.map(d => [d.index, d.kind, d.name])).toEqual([
      [0, 'Workflow', 'a'],
      [1, 'GoldenPath', 'b'],
    ]);
    expect(documents[1].locate('/metadata/name', 'value')).toMatchObject({
      line: 7,
      column: 9,
    });
    expect(documents[1].locate('/metadata/name', 'key')).toMatchObject({
      line: 7,
      column: 3,
    });
    expect(documents[1].locate('/metadata/nope', 'key')).toBeUndefined();
  });

  it('refuses two definitions of the same kind and name', () => {
    const [first, second] = read(
      'kind: Workflow\nmetadata: { name: a }\n---\nkind: Workflow\nmetadata: { name: a }\n',
    );
    expect(first.diagnostics).toEqual([]);
    expect(second.diagnostics).toMatchObject([
      { code: 'WORKFLOW_DUPLICATE_NAME', line: 5, file: 'f.yaml' },
    ]);
    expect(
      messages(
        'kind: Workflow\nmetadata: { name: a }\n---\nkind: Policy\nmetadata: { name: a }\n',
      ),
    ).toEqual([]);
  });

  it('points at what is not YAML', () => {
    const [document] = read('a: 1\nb: [\n');
    expect(document.value).toBeUndefined();
    expect(document.diagnostics[0]).toMatchObject({
      code: 'WORKFLOW_YAML_INVALID',
      line: 3,
    });
  });

  it('refuses repeated keys, keys of the prototype and keys that are not text', () => {
    expect(messages('a: 1\na: 2\n')[0]).toContain('unique');
    expect(messages('__proto__: { x: 1 }\n')).toEqual([
      'The key "__proto__" is not allowed.',
    ]);
    expect(messages('a: { constructor: 1 }\n')).toEqual([
      'The key "constructor" is not allowed.',
    ]);
    expect(messages('? [a]\n: 1\n')).toEqual([
      'A key must be a plain text, not a list or an object.',
    ]);
  });

  it('is bounded in length, depth, documents and aliases', () => {
    expect(messages('a'.repeat(1024 * 1024 + 1))[0]).toContain('allowed');
    expect(messages(`a: ${'['.repeat(80)}${']'.repeat(80)}`)[0]).toContain(
      'deeper than',
    );
    expect(messages('['.repeat(200_000))).not.toEqual([]);
    expect(messages('a: 1\n---\n'.repeat(101))[0]).toContain('documents');
    const levels = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    expect(messages(`l0: &l0 [x, x]\n${levels.join('\n')}\n`)[0]).toContain(
      'alias',
    );
  });

  it('takes an empty file for no definitions', () => {
    expect(read('')).toEqual([]);
    expect(read('# nothing\n')).toEqual([]);
  });
});
