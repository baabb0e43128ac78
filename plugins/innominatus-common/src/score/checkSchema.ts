import { z } from 'zod';
import { nearestNames, toJsonPointer } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import { hintsForKey } from './keyHints';
import { scoreSchema } from './schema';
import { describePointer, ScoreReporter } from './ScoreProblem';
import { hintsForFormat, hintsForValue, suggestLabel } from './valueHints';
import { ScoreDocument } from './workload';

type Issue = z.core.$ZodIssue;

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

/**
 * Checks a normalised document against the schema. Gives the typed document,
 * or reports each problem.
 */
export function checkSchema(
  document: JsonObject,
  reporter: ScoreReporter,
): ScoreDocument | undefined {
  const result = scoreSchema.safeParse(document);
  if (result.success) {
    return document as unknown as ScoreDocument;
  }
  const seen = new Set<string>();
  for (const issue of result.error.issues) {
    const pointer = toJsonPointer(issue.path);
    // One text can break several rules at once; the first says enough.
    const key =
      issue.code === 'unrecognized_keys' ? `${pointer}#keys` : pointer;
    if (!seen.has(key)) {
      seen.add(key);
      reportIssue(issue, { document, reporter, pointer });
    }
  }
  return undefined;
}

type IssueContext = {
  document: JsonObject;
  reporter: ScoreReporter;
  pointer: string;
};

function reportIssue(issue: Issue, context: IssueContext): void {
  switch (issue.code) {
    case 'unrecognized_keys':
      reportUnknownKeys(issue, context);
      break;
    case 'invalid_key':
      reportInvalidName(issue, context);
      break;
    case 'custom':
      reportRule(issue, context);
      break;
    default:
      reportValue(issue, context);
  }
}

function reportUnknownKeys(
  issue: Extract<Issue, { code: 'unrecognized_keys' }>,
  { reporter, pointer }: IssueContext,
): void {
  const known = knownKeysAt(issue.path);
  for (const key of issue.keys) {
    reporter.add({
      code: 'SCORE_UNKNOWN_KEY',
      message: `The key "${key}" is not known in ${quotedPlace(pointer)}.`,
      pointer,
      at: { key: toJsonPointer([...issue.path, key]) },
      suggestions: () => hintsForKey({ key, path: issue.path, known }),
    });
  }
}

function reportInvalidName(issue: Issue, { reporter }: IssueContext): void {
  const parent = issue.path.slice(0, -1);
  const name = String(issue.path[issue.path.length - 1]);
  const rule =
    issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
  const suggestion = suggestLabel(name);
  reporter.add({
    code: 'SCORE_INVALID_NAME',
    message: `The name "${name}" in ${quotedPlace(toJsonPointer(parent))} has to be ${rule}.`,
    pointer: toJsonPointer(parent),
    at: { key: toJsonPointer(issue.path) },
    suggestions:
      suggestion === undefined
        ? ['Choose another name.']
        : [`Rename it to "${suggestion}".`],
  });
}

function reportRule(issue: Issue, { reporter, pointer }: IssueContext): void {
  const place = quotedPlace(pointer);
  if (issue.message === 'containers-empty') {
    reporter.add({
      code: 'SCORE_NO_CONTAINERS',
      message: 'At least one container is required in "containers".',
      pointer,
      suggestions: ['Add a container, for example main: { image: . }.'],
    });
  } else if (issue.message === 'probe-empty') {
    reporter.add({
      code: 'SCORE_PROBE_EMPTY',
      message: `The probe ${place} needs "httpGet" or "exec".`,
      pointer,
      suggestions: [
        'Add httpGet: { path: /, port: 8080 }.',
        'Delete the probe.',
      ],
    });
  } else {
    reporter.add({
      code: 'SCORE_FILE_CONTENT',
      message: `The file ${place} needs exactly one of "content", "binaryContent" and "source".`,
      pointer,
      suggestions: ['Keep the one that is meant and delete the others.'],
    });
  }
}

function reportValue(issue: Issue, context: IssueContext): void {
  const { document, reporter, pointer } = context;
  const parentPath = issue.path.slice(0, -1);
  const key = String(issue.path[issue.path.length - 1] ?? '');
  const value = valueAt(document, issue.path);
  if (value === undefined) {
    const parent = toJsonPointer(parentPath);
    reporter.add({
      code: 'SCORE_REQUIRED_KEY',
      message: `The key "${key}" is required in ${quotedPlace(parent)}.`,
      pointer: parent,
      at: parent === '' ? { value: '' } : { key: parent },
      suggestions: [requiredHint(key)],
    });
    return;
  }
  const place = quotedPlace(pointer);
  if (pointer === '/apiVersion') {
    reporter.add({
      code: 'SCORE_API_VERSION',
      message: `The API version ${shown(value)} is not known; Score has "score.dev/v1b1".`,
      pointer,
      suggestions: ['Write apiVersion: score.dev/v1b1.'],
    });
  } else if (issue.code === 'invalid_type') {
    reporter.add({
      code: 'SCORE_WRONG_TYPE',
      message: `The value of ${place} has to be ${TYPE_WORDS[issue.expected] ?? issue.expected}, but is ${kindOf(value)}.`,
      pointer,
      suggestions: hintsForValue({
        key,
        path: issue.path,
        value,
        expected: issue.expected,
        written: reporter.sourceOf(pointer),
      }),
    });
  } else if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const near = nearestNames(String(value), allowed);
    reporter.add({
      code: 'SCORE_INVALID_VALUE',
      message: `The value of ${place} has to be one of ${allowed.map(name => `"${name}"`).join(', ')}, but is ${shown(value)}.`,
      pointer,
      suggestions: (near.length > 0 ? near : allowed).map(
        name => `Write "${name}".`,
      ),
    });
  } else if (issue.code === 'invalid_format') {
    reporter.add({
      code: 'SCORE_INVALID_FORMAT',
      message: `The value of ${place} has to be ${issue.message}, but is ${shown(value)}.`,
      pointer,
      suggestions: hintsForFormat({
        key,
        value: String(value),
        isLabel: pointer === '/metadata/name',
      }),
    });
  } else {
    reporter.add({
      code: 'SCORE_OUT_OF_RANGE',
      message: `The value of ${place} has to be ${rangeWords(issue)}, but is ${shown(value)}.`,
      pointer,
      suggestions: [`Change "${key}" to be ${rangeWords(issue)}.`],
    });
  }
}

function rangeWords(issue: Issue): string {
  if (issue.code === 'too_small') {
    return issue.origin === 'string'
      ? `at least ${issue.minimum} character${Number(issue.minimum) === 1 ? '' : 's'} long`
      : `at least ${issue.minimum}`;
  }
  if (issue.code === 'too_big') {
    return issue.origin === 'string'
      ? `at most ${issue.maximum} characters long`
      : `at most ${issue.maximum}`;
  }
  return 'another value';
}

function requiredHint(key: string): string {
  switch (key) {
    case 'apiVersion':
      return 'Write apiVersion: score.dev/v1b1 as the first line.';
    case 'metadata':
      return 'Add metadata: { name: my-workload }.';
    case 'name':
      return 'Add a name, for example name: my-workload.';
    case 'containers':
      return 'Add containers: { main: { image: . } }.';
    case 'image':
      return 'Add the image; image: . stands for one given at deploy.';
    case 'type':
      return 'Add the resource type, for example type: postgres.';
    case 'ready':
      return 'Add ready: started, healthy or complete.';
    default:
      return `Add "${key}".`;
  }
}

function quotedPlace(pointer: string): string {
  return pointer === '' ? 'the document' : `"${describePointer(pointer)}"`;
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function kindOf(value: JsonValue): string {
  if (value === null) {
    return 'empty';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  switch (typeof value) {
    case 'object':
      return 'a map';
    case 'string':
      return `the text ${shown(value)}`;
    case 'number':
      return `the number ${value}`;
    default:
      return `the boolean ${value}`;
  }
}

function valueAt(
  document: JsonObject,
  path: readonly PropertyKey[],
): JsonValue | undefined {
  let current: JsonValue | undefined = document;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) {
      return undefined;
    }
    current = Object.hasOwn(current, part)
      ? (current as JsonObject)[String(part)]
      : undefined;
  }
  return current;
}

function knownKeysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = scoreSchema;
  for (const part of path) {
    schema = unwrap(schema);
    if (schema instanceof z.ZodObject) {
      schema = schema.shape[String(part)];
    } else if (schema instanceof z.ZodRecord) {
      schema = schema.valueType;
    } else if (schema instanceof z.ZodArray) {
      schema = schema.element;
    }
  }
  schema = unwrap(schema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema;
}
