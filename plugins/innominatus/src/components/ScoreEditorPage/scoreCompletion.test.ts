import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { completeScore } from './scoreCompletion';

/** What is offered at `|`. */
function offered(text: string, explicit = false): string[] | undefined {
  const pos = text.indexOf('|');
  const state = EditorState.create({ doc: text.replace('|', '') });
  return completeScore(
    new CompletionContext(state, pos, explicit),
  )?.options.map(({ label }) => label);
}

describe('completion of Score files', () => {
  it('offers the keys of the place by indentation', () => {
    expect(offered('apiVersion: score.dev/v1b1\nco|')).toEqual(
      expect.arrayContaining(['containers', 'metadata', 'resources']),
    );
    expect(offered('containers:\n  web:\n    image: a\n    v|')).toEqual(
      expect.arrayContaining(['variables', 'volumes', 'readinessProbe']),
    );
    expect(
      offered('containers:\n  web:\n    files:\n      /etc/a:\n        m|'),
    ).toEqual(expect.arrayContaining(['mode', 'content', 'noExpand']));
    expect(offered('resources:\n  db:\n    |', true)).toEqual(
      expect.arrayContaining(['type', 'class', 'id', 'params']),
    );
  });

  it('offers resources inside of a placeholder, also while it is no YAML yet', () => {
    const text =
      'containers:\n  web:\n    variables:\n      A: ${res|\nresources:\n  db:\n    type: postgres\n  cache:\n    type: redis\n';
    expect(offered(text)).toEqual([
      '${metadata.name}',
      '${resources.db.',
      '${resources.cache.',
    ]);
    expect(offered(text.replace('A: ', 'A: "'))).toHaveLength(3);
  });

  it('stays silent in values and where names are free', () => {
    expect(offered('metadata:\n  name: a|')).toBeUndefined();
    expect(offered('containers:\n  w|')).toBeUndefined();
    expect(offered('apiVersion: x\n|')).toBeUndefined();
  });
});
