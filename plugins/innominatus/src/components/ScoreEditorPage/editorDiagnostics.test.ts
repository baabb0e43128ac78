import { Text } from '@codemirror/state';
import { readScore } from '@innominatus/backstage-plugin-innominatus-common';
import { editorDiagnostics, offsetOf } from './editorDiagnostics';

describe('findings in the editor', () => {
  it('underline what the finding is about', () => {
    const text =
      'apiVersion: score.dev/v1b1\nmetadata: {name: shop}\ncontainers:\n  web:\n    imagee: a\n';
    const doc = Text.of(text.split('\n'));
    const marks = editorDiagnostics(doc, readScore(text).diagnostics);
    const unknown = marks.find(({ source }) => source === 'SCORE_UNKNOWN_KEY');
    expect(doc.sliceString(unknown!.from, unknown!.to)).toBe('imagee');
    expect(unknown).toMatchObject({ severity: 'error' });
    expect(marks.map(({ from }) => from)).toEqual(
      marks.map(({ from }) => from).sort((a, b) => a - b),
    );
  });

  it('stay inside of a text that became shorter', () => {
    const doc = Text.of(['ab', 'c']);
    expect(offsetOf(doc, 9, 9)).toBe(4);
    expect(offsetOf(doc, 1, 9)).toBe(2);
    expect(offsetOf(doc, 0, 0)).toBe(0);
  });
});
