import fs from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { parse } from 'yaml';
import { JsonObject, JsonValue } from '../json';
import { mergeOverrides, parseDotPath, setPath } from './overrides';
import { createPlaceholderResolver, substitute } from './placeholders';
import { readScore, readScoreObject } from './readScore';
import { resourceUid, ResourceUidOptions } from './resourceUid';
import { scoreJsonSchema } from './scoreJsonSchema';
import { upgradeScore } from './upgradeScore';

const corpus = process.env.SCORE_CORPUS;

function filesBelow(folder: string, suffix: string): string[] {
  return fs
    .readdirSync(path.join(corpus!, folder), { recursive: true })
    .map(name => path.join(folder, String(name)))
    .filter(name => name.endsWith(suffix))
    .sort();
}

function load(file: string): string {
  return fs.readFileSync(path.join(corpus!, file), 'utf8');
}

function table<T>(name: string): T {
  return JSON.parse(load(`tables/${name}.json`));
}

function attempt<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    return (error as Error).message;
  }
}

type SchemaCase = { file: string; valid: boolean; allPointers: string[] };

if (corpus === undefined) {
  test('Score corpus: set SCORE_CORPUS to its folder to run it', () => {
    expect(process.env.SCORE_CORPUS).toBeUndefined();
  });
} else {
  describe('Score corpus', () => {
    const schemaCases: SchemaCase[] = JSON.parse(
      load('manifest.json'),
    ).schemaCases;

    it.each(filesBelow('valid', '.yaml'))('accepts %s', file => {
      const result = readScore(load(file), { file });
      expect(
        result.diagnostics.filter(({ severity }) => severity === 'error'),
      ).toEqual([]);
      expect(result.valid).toBe(true);
      expect(result.workload?.name).toMatch(/^[a-z0-9-]+$/);
      expect(readScoreObject(parse(load(file))).workload).toEqual(
        result.workload,
      );
    });

    it('warns of the deprecated list forms', () => {
      const result = readScore(
        load('valid/spec/score-deprecated-files-and-volumes.yaml'),
      );
      expect(
        result.diagnostics
          .filter(({ code }) => code === 'SCORE_DEPRECATED')
          .map(({ severity, code, pointer }) => [severity, code, pointer]),
      ).toEqual([
        ['warning', 'SCORE_DEPRECATED', '/containers/main/files'],
        ['warning', 'SCORE_DEPRECATED', '/containers/main/volumes'],
      ]);
    });

    it.each(schemaCases.filter(({ valid }) => !valid))(
      'refuses $file at the right place',
      ({ file, allPointers }) => {
        const { valid, diagnostics } = readScore(load(file), { file });
        const errors = diagnostics.filter(
          ({ severity }) => severity === 'error',
        );
        expect(valid).toBe(false);
        expect(errors.length).toBeGreaterThan(0);
        for (const error of errors) {
          expect(allPointers).toContain(error.pointer);
          expect(error.suggestions).not.toEqual([]);
          expect([error.line > 1, error.pointer === '/apiVersion']).toContain(
            true,
          );
        }
      },
    );

    it.each(filesBelow('invalid/semantic', '.yaml'))(
      'refuses %s with the expected message',
      file => {
        const text = load(file);
        const expected = /^# expect: (.*)/.exec(text)![1];
        const { valid, diagnostics } = readScore(text, { file });
        const errors = diagnostics.filter(
          ({ severity }) => severity === 'error',
        );
        expect(valid).toBe(false);
        expect(errors).toHaveLength(1);
        expect(errors[0].message).toContain(
          expected.startsWith('must be refused on a server')
            ? "must be a relative path within the Score file's directory"
            : expected,
        );
        expect(errors[0].suggestions.length).toBeGreaterThan(0);
      },
    );

    it.each(filesBelow('invalid/raw', '.yaml'))(
      'refuses %s with a hint and without delay',
      file => {
        const started = Date.now();
        const { valid, diagnostics } = readScore(load(file), { file });
        expect(Date.now() - started).toBeLessThan(1000);
        expect(valid).toBe(false);
        const errors = diagnostics.filter(
          ({ severity }) => severity === 'error',
        );
        for (const error of errors) {
          expect(error.suggestions.length).toBeGreaterThan(0);
        }
      },
    );

    it('publishes a JSON Schema that agrees with the official one', () => {
      const ajv = new Ajv2020({ strict: false, allErrors: true });
      const official = ajv.compile(JSON.parse(load('schema/score-v1b1.json')));
      const ours = ajv.compile({ ...scoreJsonSchema, $id: 'ours' });
      const files = [
        ...filesBelow('valid', '.yaml'),
        ...schemaCases.map(({ file }) => file),
      ];
      const documents = files.map(file => [file, parse(load(file))] as const);
      expect(
        documents.map(([file, document]) => [file, ours(document)]),
      ).toEqual(
        documents.map(([file, document]) => [file, official(document)]),
      );
      expect(
        documents
          .filter(([, document]) => official(document))
          .filter(([, document]) => !ours(upgradeScore(document).document)),
      ).toEqual([]);
    });

    it('replaces placeholders by the table', () => {
      const { context, strings, errors, ours_computed_with_the_same_regex } =
        table<{
          context: {
            metadata: JsonObject;
            resources: Record<string, JsonObject>;
          };
          strings: [string, string][];
          errors: [string, string][];
          ours_computed_with_the_same_regex: [string, string][];
        }>('placeholders');
      const resolve = createPlaceholderResolver(context);
      for (const [input, output] of [
        ...strings,
        ...ours_computed_with_the_same_regex,
      ]) {
        expect([input, substitute(input, resolve)]).toEqual([input, output]);
      }
      for (const [input, message] of errors) {
        expect(() => substitute(input, resolve)).toThrow(
          expect.objectContaining({ message }),
        );
      }
    });

    it('applies overrides by the table', () => {
      const { dotPath, set, merge } = table<{
        dotPath: [string, string[]][];
        set: Array<{
          in: JsonObject;
          path: string[];
          value?: JsonValue;
          delete?: boolean;
          out?: JsonObject;
          error?: string;
        }>;
        merge: Array<{
          in: JsonObject;
          overrides: JsonObject;
          out: JsonObject;
        }>;
      }>('overrides');
      for (const [input, output] of dotPath) {
        expect(parseDotPath(input)).toEqual(output);
      }
      for (const { in: document, path: parts, value, out, error } of set) {
        const before = JSON.stringify(document);
        expect(attempt(() => setPath(document, parts, value))).toEqual(
          error ?? out,
        );
        expect(JSON.stringify(document)).toBe(before);
      }
      for (const { in: document, overrides, out } of merge) {
        expect(mergeOverrides(document, overrides)).toEqual(out);
      }
    });

    it('identifies resources by the table', () => {
      const { cases } = table<{
        cases: Array<ResourceUidOptions & { res: string; uid: string }>;
      }>('resource-uid');
      for (const { res, uid, ...options } of cases) {
        expect(resourceUid({ ...options, name: res })).toBe(uid);
      }
    });
  });
}
