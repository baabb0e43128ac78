import {
  fileSourceProblem,
  listFileSources,
  toFileSourceContent,
} from './fileSources';
import { readScore } from './readScore';

const score = (source: string, rest = '') => `apiVersion: score.dev/v1b1
metadata:
  name: app
containers:
  main:
    image: a:1
    files:
      /etc/app.conf:
        source: ${source}
${rest}`;

describe('file sources', () => {
  it.each(['app.conf', './config/app.conf', 'a/b/../c.conf', '..hidden'])(
    'may be %s',
    path => {
      expect(fileSourceProblem(path)).toBeUndefined();
    },
  );

  it.each([
    '/etc/passwd',
    '../app.conf',
    'a/../../app.conf',
    'C:/app.conf',
    '..\\app.conf',
    '.git/config',
    '.GIT/config',
    'a/.Git./config',
    '.',
    'a\u0000b',
  ])('may not be %j', path => {
    expect(fileSourceProblem(path)).toEqual(expect.any(String));
  });

  it('are looked at when the spec is read, also when their content is there', () => {
    const text = score('../secret');
    for (const sources of [undefined, { '../secret': { content: 'a' } }]) {
      expect(readScore(text, { sources })).toMatchObject({
        valid: false,
        diagnostics: [
          { severity: 'error', code: 'SCORE_FILE_SOURCE', line: 9 },
        ],
      });
    }
  });

  it('become the content of the file, with mode and placeholders', () => {
    const text = score('./app.conf', '        mode: "0640"\n');
    const read = readScore(text);
    expect(listFileSources(read.workload!)).toEqual(['./app.conf']);
    const { workload } = readScore(text, {
      sources: { './app.conf': { content: 'name=${metadata.name}' } },
    });
    expect(workload?.containers.main.files).toEqual({
      '/etc/app.conf': {
        content: 'name=${metadata.name}',
        mode: '0640',
        noExpand: false,
      },
    });
  });

  it('have their placeholders checked, unless they are left alone', () => {
    const sources = { 'app.conf': { content: '${resources.nope.host}' } };
    expect(readScore(score('app.conf'), { sources }).valid).toBe(false);
    expect(
      readScore(score('app.conf', '        noExpand: true\n'), { sources })
        .valid,
    ).toBe(true);
  });

  it('stay bytes when they are no text', () => {
    expect(toFileSourceContent(Uint8Array.from([0xff, 0x00, 0x10]))).toEqual({
      binaryContent: '/wAQ',
    });
    expect(
      toFileSourceContent(new TextEncoder().encode('\ufeffä\r\n')),
    ).toEqual({ content: '\ufeffä\r\n' });
    expect(toFileSourceContent(Uint8Array.from([0x61, 0x00]))).toEqual({
      binaryContent: 'YQA=',
    });
  });
});
