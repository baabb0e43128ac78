import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import { Diagnostic, makeExcerpt, parseJsonPointer } from '../../diagnostics';
import { JsonValue } from '../../json';
import { Locate, Report, SourcePosition } from './report';

const MAX_LENGTH = 1024 * 1024;
const MAX_DOCUMENTS = 100;
const MAX_DEPTH = 64;
const MAX_ALIASES = 100;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * One document of a file, ready for {@link compileWorkflow}.
 *
 * @public
 */
export interface WorkflowDocument {
  /** Zero-based place in the file. */
  index: number;
  kind?: string;
  name?: string;
  /** Missing when the document is not YAML that can be used. */
  value?: JsonValue;
  /** Pass it on with the value, so that later findings have a line too. */
  locate: Locate;
  file?: string;
  /** What is wrong with the text itself. */
  diagnostics: Diagnostic[];
}

/**
 * Reads a YAML file with any number of definitions, keeping positions.
 *
 * @remarks
 * The file is from outside: length, nesting, aliases and the number of
 * documents are bounded, keys may not repeat, and keys that would reach into
 * the prototype of an object are refused. Two documents of the same kind and
 * name are an error.
 *
 * @public
 */
export function readWorkflowDocuments(
  text: string,
  options: { file?: string } = {},
): WorkflowDocument[] {
  const { file } = options;
  if (text.length > MAX_LENGTH) {
    return [
      broken(
        file,
        'WORKFLOW_FILE_TOO_LARGE',
        `The file has ${text.length} characters, ${MAX_LENGTH} are allowed. Split it into several files.`,
      ),
    ];
  }
  const lines = new LineCounter();
  let parsed: Document.Parsed[];
  try {
    parsed = [
      ...parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true }),
    ];
  } catch {
    // The parser recurses; a file made of brackets alone can exhaust it.
    return [
      broken(
        file,
        'WORKFLOW_YAML_INVALID',
        'The file is nested too deeply to be read.',
      ),
    ];
  }
  if (parsed.length > MAX_DOCUMENTS) {
    return [
      broken(
        file,
        'WORKFLOW_FILE_TOO_LARGE',
        `The file has ${parsed.length} documents, ${MAX_DOCUMENTS} are allowed. Split it into several files.`,
      ),
    ];
  }
  const documents = parsed
    .filter(document => document.errors.length > 0 || !isEmpty(document))
    .map((document, index) =>
      readDocument({ document, index, text, lines, file }),
    );
  reportDuplicates(documents);
  return documents;
}

function isEmpty({ contents }: Document.Parsed): boolean {
  return (
    contents === null ||
    (isScalar(contents) && contents.value === null && contents.source === '')
  );
}

interface ReadOptions {
  document: Document.Parsed;
  index: number;
  text: string;
  lines: LineCounter;
  file?: string;
}

function readDocument(options: ReadOptions): WorkflowDocument {
  const { document, index, file } = options;
  const locate = makeLocate(options);
  const report = Report.create({
    locate: (_pointer, part) => locate('', part),
    file,
  });
  for (const error of document.errors) {
    const place = positionOf(options, error.pos[0], error.pos[1]);
    const at = Report.create({ locate: () => place, file });
    at.error('WORKFLOW_YAML_INVALID', '', firstLine(error.message));
    report.diagnostics.push(...at.diagnostics);
  }
  if (!report.failed) {
    checkNodes(options, report);
  }
  let value: JsonValue | undefined;
  if (!report.failed) {
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES }) as JsonValue;
    } catch (error) {
      report.error(
        'WORKFLOW_YAML_INVALID',
        '',
        firstLine((error as Error).message),
      );
    }
  }
  return {
    index,
    kind: textAt(document, ['kind']),
    name: textAt(document, ['metadata', 'name']),
    value,
    locate,
    file,
    diagnostics: report.diagnostics,
  };
}

/** Also of a document with errors, so that they are told about what they are in. */
function textAt(
  { contents }: Document.Parsed,
  path: string[],
): string | undefined {
  let node: unknown = contents;
  for (const key of path) {
    node = isMap(node) ? node.get(key, true) : undefined;
  }
  return isScalar(node) && typeof node.value === 'string'
    ? node.value
    : undefined;
}

function checkNodes(options: ReadOptions, report: Report): void {
  const problem = (node: unknown, message: string) => {
    const range = (node as Node | undefined)?.range ?? [0, 0, 0];
    const place = positionOf(options, range[0], range[1]);
    const at = Report.create({ locate: () => place, file: options.file });
    at.error('WORKFLOW_YAML_INVALID', '', message);
    report.diagnostics.push(...at.diagnostics);
  };
  visit(options.document, {
    Node(_key, node, path) {
      if (path.filter(isCollection).length <= MAX_DEPTH) {
        return undefined;
      }
      problem(node, `The document is nested deeper than ${MAX_DEPTH} levels.`);
      return visit.BREAK;
    },
    Pair(_key, pair) {
      if (!isScalar(pair.key)) {
        problem(
          pair.key,
          'A key must be a plain text, not a list or an object.',
        );
      } else if (FORBIDDEN_KEYS.has(String(pair.key.value))) {
        problem(pair.key, `The key "${pair.key.value}" is not allowed.`);
      }
    },
  });
}

function makeLocate(options: ReadOptions): Locate {
  return (pointer, part) => {
    let node: unknown = options.document.contents;
    let found: unknown = node;
    for (const segment of parseJsonPointer(pointer)) {
      const container = isAlias(node) ? node.resolve(options.document) : node;
      if (isMap(container)) {
        const pair = container.items.find(
          item => isScalar(item.key) && String(item.key.value) === segment,
        );
        if (pair === undefined) {
          return undefined;
        }
        node = pair.value;
        found = part === 'key' || pair.value === null ? pair.key : pair.value;
      } else if (isSeq(container)) {
        node = container.items[Number(segment)];
        found = node;
      } else {
        return undefined;
      }
    }
    const range = (found as Node | null | undefined)?.range;
    return range ? positionOf(options, range[0], range[1]) : undefined;
  };
}

function positionOf(
  options: ReadOptions,
  start: number,
  end: number,
): SourcePosition {
  const { lines, text } = options;
  const from = lines.linePos(start);
  const to = lines.linePos(Math.max(start, end));
  const line = Math.max(1, from.line);
  const column = Math.max(1, from.col);
  const lineStart = lines.lineStarts[line - 1] ?? 0;
  const lineEnd = text.indexOf('\n', lineStart);
  return {
    line,
    column,
    endLine: Math.max(line, to.line),
    endColumn: Math.max(1, to.col),
    source: makeExcerpt(
      text
        .slice(lineStart, lineEnd < 0 ? undefined : lineEnd)
        .replace(/\r$/, ''),
      column,
      to.line === from.line ? to.col - from.col : 1,
    ),
  };
}

function reportDuplicates(documents: WorkflowDocument[]): void {
  const seen = new Set<string>();
  for (const document of documents) {
    if (document.name === undefined) {
      continue;
    }
    const key = `${document.kind}/${document.name}`;
    if (seen.has(key)) {
      const report = Report.create(document);
      report.error(
        'WORKFLOW_DUPLICATE_NAME',
        '/metadata/name',
        `The name "${document.name}" is used by another ${document.kind ?? 'definition'} in this file. Names must differ.`,
      );
      document.diagnostics.push(...report.diagnostics);
    }
    seen.add(key);
  }
}

function broken(
  file: string | undefined,
  code: string,
  message: string,
): WorkflowDocument {
  const report = Report.create({ file });
  report.error(code, '', message);
  return {
    index: 0,
    locate: () => undefined,
    file,
    diagnostics: report.diagnostics,
  };
}

function firstLine(message: string): string {
  return message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '.');
}
