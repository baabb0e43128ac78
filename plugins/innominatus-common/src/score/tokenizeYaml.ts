import { CST, Lexer, LineCounter, Parser } from 'yaml';
import { Diagnostic } from '../diagnostics';
import { YamlLimits } from './limits';
import { SourceMap } from './SourceMap';

/**
 * Cuts a text into tokens and stops as soon as a limit is passed. The parser
 * below keeps its own stack, whereas the composer that comes after recurses:
 * what is too deep must not get there.
 */
export function tokenizeYaml(
  text: string,
  options: { lines: LineCounter; limits: YamlLimits; sourceMap: SourceMap },
): { tokens: CST.Token[] } | { problem: Diagnostic } {
  const { lines, limits, sourceMap } = options;
  const lexer = new Lexer();
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let count = 0;
  lines.addNewLine(0);
  const limit = (message: string): { problem: Diagnostic } => ({
    problem: sourceMap.diagnostic({
      severity: 'error',
      code: 'YAML_LIMIT',
      message,
      pointer: '',
      at: { offsets: [parser.offset, parser.offset + 1] },
      suggestions: ['Make the document simpler.'],
    }),
  });
  for (const lexeme of lexer.lex(text)) {
    count += 1;
    if (count > limits.maxTokens) {
      return limit(
        `The YAML has more than ${limits.maxTokens} tokens, which is more than is read.`,
      );
    }
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
    }
    // One entry is the document, one the scalar at the bottom.
    if (parser.stack.length > limits.maxDepth + 2) {
      return limit(
        `The YAML is nested deeper than ${limits.maxDepth} levels, which is more than is read.`,
      );
    }
  }
  for (const token of parser.end()) {
    tokens.push(token);
  }
  const directive = tokens.find(
    token =>
      token.type === 'directive' && !/^%YAML\s+1\.2\s*$/.test(token.source),
  );
  if (directive) {
    return {
      problem: sourceMap.diagnostic({
        severity: 'error',
        code: 'YAML_DIRECTIVE',
        message:
          'YAML directives are not read; the only one allowed is "%YAML 1.2".',
        pointer: '',
        at: { offsets: [directive.offset, directive.offset + 1] },
        suggestions: ['Delete the line.'],
      }),
    };
  }
  return { tokens };
}
