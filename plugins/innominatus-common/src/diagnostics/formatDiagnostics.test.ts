import { formatDiagnostics } from './formatDiagnostics';
import { Diagnostic } from './types';

const warning: Diagnostic = {
  severity: 'warning',
  code: 'SCORE_IMAGE_LATEST',
  message: 'The image "nginx:latest" has the tag "latest".',
  pointer: '/containers/main/image',
  line: 6,
  column: 12,
  source: { text: '    image: nginx:latest', caret: 11, length: 12 },
  suggestions: ['Name a version.'],
};
const error: Diagnostic = {
  severity: 'error',
  code: 'SCORE_UNKNOWN_KEY',
  message: 'The key "env" is not known.',
  pointer: '/containers/main',
  line: 7,
  column: 5,
  source: { text: '    env: {}', caret: 4, length: 3 },
  suggestions: ['Rename "env" to "variables".', 'Delete "env".'],
};
const note: Diagnostic = {
  severity: 'info',
  code: 'SCORE_EXTENSION',
  message: 'An extension.',
  pointer: '/workflows',
  line: 1,
  column: 1,
  suggestions: [],
};

describe('formatDiagnostics', () => {
  it('writes exactly one JSON document with the agreed members', () => {
    const text = formatDiagnostics([warning, error], {
      format: 'json',
      file: 'score.yaml',
    });
    expect(JSON.parse(text)).toEqual({
      valid: false,
      file: 'score.yaml',
      issues: [
        {
          severity: 'error',
          code: 'SCORE_UNKNOWN_KEY',
          message: 'The key "env" is not known.',
          pointer: '/containers/main',
          line: 7,
          column: 5,
          suggestions: ['Rename "env" to "variables".', 'Delete "env".'],
        },
        expect.objectContaining({ severity: 'warning', line: 6 }),
      ],
    });
  });

  it('calls a file with warnings only valid', () => {
    expect(
      JSON.parse(formatDiagnostics([warning], { format: 'json' })),
    ).toMatchObject({ valid: true, file: '-' });
    expect(JSON.parse(formatDiagnostics([], { format: 'json' }))).toEqual({
      valid: true,
      file: '-',
      issues: [],
    });
  });

  it('writes one line per issue, errors first', () => {
    expect(
      formatDiagnostics([warning, error], {
        format: 'simple',
        file: 'score.yaml',
      }),
    ).toBe(
      [
        'score.yaml:7:5: error SCORE_UNKNOWN_KEY The key "env" is not known.',
        'score.yaml:6:12: warning SCORE_IMAGE_LATEST The image "nginx:latest" has the tag "latest".',
      ].join('\n'),
    );
  });

  it('shows people counts, the line with a caret, suggestions and the next step', () => {
    expect(
      formatDiagnostics([warning, note, error], {
        format: 'text',
        file: 'score.yaml',
      }),
    ).toBe(`score.yaml: not valid, 1 error, 1 warning, 1 note

Errors

  error SCORE_UNKNOWN_KEY
  The key "env" is not known.
  at score.yaml:7:5 (/containers/main)
    7 |     env: {}
            ^^^
    1. Rename "env" to "variables".
    2. Delete "env".

Warnings

  warning SCORE_IMAGE_LATEST
  The image "nginx:latest" has the tag "latest".
  at score.yaml:6:12 (/containers/main/image)
    6 |     image: nginx:latest
                   ^^^^^^^^^^^^
    1. Name a version.

Notes

  info SCORE_EXTENSION
  An extension.
  at score.yaml:1:1 (/workflows)

Next step: mend the error and validate again.`);
  });

  it('says so when there is nothing to report', () => {
    expect(formatDiagnostics([], { format: 'text', file: 'a.yaml' })).toBe(
      'a.yaml: valid, nothing to report\n\nNext step: plan a deployment.',
    );
  });

  it('uses ANSI only when colour is asked for', () => {
    const plain = formatDiagnostics([error], { format: 'text' });
    const colored = formatDiagnostics([error], { format: 'text', color: true });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[31m');
  });

  it('keeps control characters of the file away from the terminal', () => {
    const hostile = { ...error, message: 'a\u001b[2Jb\nc', pointer: '/\u001b' };
    for (const format of ['text', 'simple'] as const) {
      const text = formatDiagnostics([hostile], { format });
      expect(text).not.toContain('\u001b');
      expect(text).toContain('a [2Jb c');
    }
  });
});
