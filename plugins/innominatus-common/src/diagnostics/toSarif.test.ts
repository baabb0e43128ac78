import { formatDiagnostics } from './formatDiagnostics';
import { toSarif } from './toSarif';
import { Diagnostic } from './types';

const error: Diagnostic = {
  severity: 'error',
  code: 'SCORE_UNKNOWN_KEY',
  message: 'The key "imagee" is not known.',
  pointer: '/containers/api/imagee',
  line: 6,
  column: 5,
  endLine: 6,
  endColumn: 11,
  source: { text: '    imagee: a', caret: 4, length: 6 },
  suggestions: ['Did you mean "image"?'],
};
const note: Diagnostic = {
  severity: 'info',
  code: 'SCORE_EXTENSION',
  message: 'The key "environment" is an extension.',
  pointer: '',
  line: 1,
  column: 1,
  suggestions: [],
};

describe('diagnostics as SARIF', () => {
  it('has one rule per code and one result per diagnostic, errors first', () => {
    const log = toSarif([note, error, error], {
      file: './deploy/my score.yaml',
      toolVersion: '1.2.3',
    });
    expect(log.version).toBe('2.1.0');
    const [{ tool, results }] = log.runs;
    expect(tool.driver).toMatchObject({
      name: 'innominatus',
      version: '1.2.3',
    });
    expect(tool.driver.rules).toEqual([
      { id: 'SCORE_EXTENSION', defaultConfiguration: { level: 'note' } },
      { id: 'SCORE_UNKNOWN_KEY', defaultConfiguration: { level: 'error' } },
    ]);
    expect(results.map(({ ruleIndex, level }) => [ruleIndex, level])).toEqual([
      [1, 'error'],
      [1, 'error'],
      [0, 'note'],
    ]);
    expect(results[0]).toEqual({
      ruleId: 'SCORE_UNKNOWN_KEY',
      ruleIndex: 1,
      level: 'error',
      message: {
        text: 'The key "imagee" is not known. Did you mean "image"?',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'deploy/my%20score.yaml' },
            region: {
              startLine: 6,
              startColumn: 5,
              endLine: 6,
              endColumn: 11,
              snippet: { text: '    imagee: a' },
            },
          },
          logicalLocations: [{ fullyQualifiedName: '/containers/api/imagee' }],
        },
      ],
      properties: { suggestions: ['Did you mean "image"?'] },
    });
  });

  it.each([
    ['-', 'stdin'],
    ['/srv/app/score.yaml', 'file:///srv/app/score.yaml'],
    ['C:\\app\\score.yaml', 'file:///C:/app/score.yaml'],
    ['a#b.yaml', 'a%23b.yaml'],
  ])('writes the file %s as the URI %s', (file, uri) => {
    const [{ results }] = toSarif([note], { file }).runs;
    expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      uri,
    );
  });

  it('is an empty log when nothing was found, also through the formatter', () => {
    const text = formatDiagnostics([], { format: 'sarif', file: 'a.yaml' });
    expect(JSON.parse(text).runs[0]).toMatchObject({
      results: [],
      tool: { driver: { rules: [] } },
    });
  });
});
