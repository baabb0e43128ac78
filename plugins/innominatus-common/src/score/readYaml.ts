import { Composer, CST, Document, LineCounter, ParsedNode } from 'yaml';
import { Diagnostic, hasErrors } from '../diagnostics';
import { JsonValue } from '../json';
import { DEFAULT_YAML_LIMITS, YamlLimits } from './limits';
import { SourceMap } from './SourceMap';
import { tokenizeYaml } from './tokenizeYaml';
import { inspectNodes } from './inspectNodes';
import { yamlToJson } from './yamlToJson';

/**
 * Options of {@link readYaml}.
 *
 * @public
 */
export interface ReadYamlOptions {
  /** Name of the file for diagnostics. */
  file?: string;
  limits?: Partial<YamlLimits>;
}

/**
 * What {@link readYaml} found.
 *
 * @public
 */
export interface ReadYamlResult {
  /** The document as JSON; nothing when there are errors or no document. */
  value?: JsonValue;
  /** The text holds no document at all, or only comments. */
  empty: boolean;
  diagnostics: Diagnostic[];
  sourceMap: SourceMap;
}

const MAX_SYNTAX_ERRORS = 5;

/**
 * Reads one YAML document from a text nobody vouches for.
 *
 * @remarks
 *
 * YAML 1.2 core schema only: no tags beyond it, no merge keys, no second
 * document. Size, nesting, tokens, aliases and the values they expand to are
 * bounded before the work they cause is done, so that time and memory depend
 * on the limits and not on the text. Never throws.
 *
 * @public
 */
export function readYaml(
  text: string,
  options: ReadYamlOptions = {},
): ReadYamlResult {
  const limits = { ...DEFAULT_YAML_LIMITS, ...options.limits };
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const lines = new LineCounter();
  if (exceedsBytes(source, limits.maxBytes)) {
    const sourceMap = SourceMap.create({ text: '', lines, file: options.file });
    return {
      empty: false,
      sourceMap,
      diagnostics: [
        sourceMap.diagnostic({
          severity: 'error',
          code: 'YAML_TOO_LARGE',
          message: `The text is larger than ${limits.maxBytes} bytes.`,
          pointer: '',
          suggestions: ['Move large file contents out of the spec.'],
        }),
      ],
    };
  }
  const sourceMap = SourceMap.create({
    text: source,
    lines,
    file: options.file,
  });
  const fail = (diagnostics: Diagnostic[]): ReadYamlResult => ({
    empty: false,
    diagnostics,
    sourceMap,
  });

  const tokens = tokenizeYaml(source, { lines, limits, sourceMap });
  if ('problem' in tokens) {
    return fail([tokens.problem]);
  }
  const documents = compose(tokens.tokens, source.length);
  // A document separator at the very end opens a document with nothing in it.
  while (documents.length > 1 && isEmpty(documents[documents.length - 1])) {
    documents.pop();
  }
  const [document, second] = documents;
  const syntax = documents.flatMap(({ errors }) => errors);
  if (syntax.length > 0) {
    return fail(
      syntax.slice(0, MAX_SYNTAX_ERRORS).map(error =>
        sourceMap.diagnostic({
          severity: 'error',
          code: 'YAML_SYNTAX',
          message: `The YAML cannot be read: ${error.message.slice(0, 200)}.`,
          pointer: '',
          at: { offsets: error.pos },
          suggestions: [syntaxHint(error.code)],
        }),
      ),
    );
  }
  if (second !== undefined) {
    return fail([
      sourceMap.diagnostic({
        severity: 'error',
        code: 'YAML_MULTIPLE_DOCUMENTS',
        message: `The text holds ${documents.length} YAML documents, expected one.`,
        pointer: '',
        at: { offsets: documentStart(second) },
        suggestions: ['Put each document into a file of its own.'],
      }),
    ]);
  }
  if (document === undefined || isEmpty(document)) {
    return { empty: true, diagnostics: [], sourceMap };
  }
  const inspected = inspectNodes(document.contents as ParsedNode, {
    sourceMap,
    limits,
  });
  if (hasErrors(inspected.diagnostics)) {
    return fail(inspected.diagnostics);
  }
  const converted = yamlToJson(document.contents as ParsedNode, {
    aliases: inspected.aliases,
    sourceMap,
    limits,
  });
  const diagnostics = [...inspected.diagnostics, ...converted.diagnostics];
  return hasErrors(diagnostics)
    ? fail(diagnostics)
    : { value: converted.value, empty: false, diagnostics, sourceMap };
}

function compose(tokens: CST.Token[], end: number): Document.Parsed[] {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    prettyErrors: false,
    strict: true,
    // The library compares every key with every other one; ours uses a set.
    uniqueKeys: false,
  });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(tokens, false, end)) {
    documents.push(document);
  }
  return documents;
}

function isEmpty(document: Document.Parsed): boolean {
  const { contents } = document;
  if (contents === null) {
    return true;
  }
  const [start, valueEnd] = contents.range;
  return (
    document.errors.length === 0 &&
    'value' in contents &&
    contents.value === null &&
    start === valueEnd &&
    contents.tag === undefined &&
    contents.anchor === undefined
  );
}

function documentStart(document: Document.Parsed): [number, number] {
  const start = document.contents?.range[0] ?? document.range[0];
  return [start, start + 1];
}

// UTF-8 needs one to three bytes per UTF-16 unit, so most texts are decided
// without encoding them.
function exceedsBytes(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) {
    return true;
  }
  if (text.length * 3 <= maxBytes) {
    return false;
  }
  return new TextEncoder().encode(text).length > maxBytes;
}

function syntaxHint(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'Indent with spaces; YAML does not allow tabs.';
    case 'BAD_INDENT':
      return 'Give keys of one map the same indentation.';
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'Quote values that contain ": " or span lines.';
    case 'MISSING_CHAR':
      return 'Look for a missing quote, bracket or colon just before this place.';
    case 'UNEXPECTED_TOKEN':
      return 'Quote values that contain special characters.';
    case 'BAD_ALIAS':
      return 'Quote values that start with "*" or "&".';
    default:
      return 'Check indentation and quoting at this place.';
  }
}
