import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  FileSource,
  GenerateOptions,
  JsonObject,
  findPlaceholders,
  listFileSources,
  readScore,
  readYaml,
  toFileSourceContent,
} from '@innominatus/backstage-plugin-innominatus-common';

const ROOT = path.resolve(__dirname, '../../../../..');

/** Folder with more Score files, when there is one on this machine. */
const CORPUS_FOLDER = process.env.SCORE_CORPUS;

/** What the names of its cases begin with. */
export const CORPUS = 'corpus: ';

/** Something that manifests are generated of, and how it is called. */
export interface GeneratedCase {
  name: string;
  options: GenerateOptions;
}

/** The cases of the conformance suite that succeed, the examples, the corpus. */
export function generatedCases(): GeneratedCase[] {
  return [...conformanceCases(), ...exampleCases(), ...corpusCases()];
}

interface ConformanceCase {
  title: string;
  files: Record<string, string | { base64: string }>;
  args?: string[];
  expect: { fails?: unknown };
}

function conformanceCases(): GeneratedCase[] {
  const folder = path.join(ROOT, 'bench/conformance/cases');
  return readdirSync(folder).flatMap(file => {
    const { cases } = mapIn(readFileSync(path.join(folder, file), 'utf8'));
    return (cases as unknown as ConformanceCase[])
      .filter(({ expect }) => !expect.fails)
      .map(one => ({ name: one.title, options: optionsOf(one) }));
  });
}

function mapIn(text: string): JsonObject {
  return readYaml(text).value as JsonObject;
}

function optionsOf({
  files,
  args = ['score.yaml'],
}: ConformanceCase): GenerateOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      image: { type: 'string' },
      outputs: { type: 'string' },
      'overrides-file': { type: 'string' },
      'override-property': { type: 'string', multiple: true },
      namespace: { type: 'string' },
    },
  });
  const mapOf = (name: string | undefined) =>
    name === undefined ? undefined : mapIn(String(files[name]));
  return {
    specs: positionals.map(file => ({
      file,
      score: String(files[file]),
      sources: Object.fromEntries(
        Object.entries(files).flatMap(
          ([name, text]): Array<[string, FileSource]> => {
            const source = path.posix.relative(path.posix.dirname(file), name);
            const content = { content: String(text) };
            return [
              [source, content],
              [`./${source}`, content],
            ];
          },
        ),
      ),
    })),
    image: values.image,
    namespace: values.namespace,
    overrides: mapOf(values['overrides-file']),
    overrideProperties: values['override-property'],
    outputs: mapOf(values.outputs),
  };
}

function exampleCases(): GeneratedCase[] {
  const boutique = scoreFilesBelow(path.join(ROOT, 'examples/boutique'));
  return [
    {
      name: 'examples/boutique, eleven workloads together',
      options: {
        namespace: 'boutique',
        generateNamespace: true,
        specs: boutique.map(file => ({
          file: path.relative(ROOT, file),
          score: readFileSync(file, 'utf8'),
        })),
      },
    },
    ...singleExamples(),
  ];
}

function singleExamples(): GeneratedCase[] {
  return scoreFilesBelow(path.join(ROOT, 'examples/score'))
    .filter(file => !file.endsWith('broken.yaml'))
    .map(file => ({ name: path.relative(ROOT, file), options: caseOf(file) }));
}

function corpusCases(): GeneratedCase[] {
  return CORPUS_FOLDER === undefined
    ? []
    : scoreFilesBelow(path.join(CORPUS_FOLDER, 'valid')).map(file => ({
        name: CORPUS + path.relative(CORPUS_FOLDER, file),
        options: caseOf(file),
      }));
}

function scoreFilesBelow(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .map(name => path.join(folder, String(name)))
        .filter(name => name.endsWith('.yaml'))
        .sort()
    : [];
}

/** Outputs and files that answer whatever the spec names. */
function caseOf(file: string): GenerateOptions {
  const score = readFileSync(file, 'utf8');
  const image = 'registry.example/image:1';
  const { workload } = readScore(score, { image });
  if (!workload) {
    throw new Error(`"${file}" is not valid.`);
  }
  const outputs: Record<string, JsonObject> = Object.fromEntries(
    Object.keys(workload.resources).map(name => [
      name,
      { source: { emptyDir: {} } },
    ]),
  );
  const texts = JSON.stringify([workload.containers, workload.resources]);
  for (const { parts } of findPlaceholders(texts)) {
    const [root, name, ...keys] = parts;
    if (root === 'resources' && Object.hasOwn(outputs, name)) {
      let target = outputs[name];
      keys.forEach((key, i) => {
        target[key] ??= i === keys.length - 1 ? `${name}-${key}` : {};
        target = target[key] as JsonObject;
      });
    }
  }
  const sources = listFileSources(workload).map(source => [
    source,
    toFileSourceContent(Buffer.from(`content of ${source}`)),
  ]);
  return {
    specs: [{ score, file, sources: Object.fromEntries(sources) }],
    image,
    outputs,
  };
}
