import { sortDiagnostics } from './summary';
import { Diagnostic, DiagnosticSeverity } from './types';

/**
 * Options of {@link toSarif}.
 *
 * @public
 */
export interface SarifOptions {
  /** Name of the file for diagnostics that name none. */
  file?: string;
  /** Version of the program that looked. */
  toolVersion?: string;
}

/** @public */
export type SarifLevel = 'error' | 'warning' | 'note';

/**
 * The part of SARIF 2.1.0 that diagnostics need.
 *
 * @public
 */
export interface SarifLog {
  $schema: string;
  version: '2.1.0';
  runs: [
    {
      tool: {
        driver: {
          name: string;
          version?: string;
          informationUri: string;
          rules: Array<{
            id: string;
            defaultConfiguration: { level: SarifLevel };
          }>;
        };
      };
      columnKind: 'utf16CodeUnits';
      results: SarifResult[];
    },
  ];
}

/** @public */
export interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  level: SarifLevel;
  message: { text: string };
  locations: Array<{
    physicalLocation: {
      artifactLocation: { uri: string };
      region: {
        startLine: number;
        startColumn: number;
        endLine?: number;
        endColumn?: number;
        snippet?: { text: string };
      };
    };
    logicalLocations?: Array<{ fullyQualifiedName: string }>;
  }>;
  properties: { suggestions: string[] };
}

const LEVELS: Record<DiagnosticSeverity, SarifLevel> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/**
 * Diagnostics as a SARIF 2.1.0 log, which code hosts show beside the lines of a
 * change.
 *
 * @public
 */
export function toSarif(
  diagnostics: readonly Diagnostic[],
  options: SarifOptions = {},
): SarifLog {
  const sorted = sortDiagnostics(diagnostics);
  const codes = [...new Set(sorted.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'innominatus',
            ...(options.toolVersion === undefined
              ? {}
              : { version: options.toolVersion }),
            informationUri: 'https://score.dev',
            rules: codes.map(id => ({
              id,
              defaultConfiguration: {
                level:
                  LEVELS[
                    sorted.find(({ code }) => code === id)?.severity ?? 'error'
                  ],
              },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: sorted.map(diagnostic =>
          toResult(diagnostic, {
            ruleIndex: codes.indexOf(diagnostic.code),
            file: diagnostic.file ?? options.file ?? '-',
          }),
        ),
      },
    ],
  };
}

function toResult(
  diagnostic: Diagnostic,
  options: { ruleIndex: number; file: string },
): SarifResult {
  const { line, column, endLine, endColumn, source, pointer, suggestions } =
    diagnostic;
  return {
    ruleId: diagnostic.code,
    ruleIndex: options.ruleIndex,
    level: LEVELS[diagnostic.severity],
    // Viewers show the message only, so the way out has to be in it.
    message: { text: [diagnostic.message, ...suggestions].join(' ') },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(options.file) },
          region: {
            startLine: line,
            startColumn: column,
            ...(endLine === undefined ? {} : { endLine }),
            ...(endColumn === undefined ? {} : { endColumn }),
            ...(source === undefined || source.text === ''
              ? {}
              : { snippet: { text: source.text } }),
          },
        },
        ...(pointer === ''
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: pointer }] }),
      },
    ],
    properties: { suggestions },
  };
}

/** A relative path stays relative, so that a log fits any checkout. */
function toUri(file: string): string {
  if (file === '-') {
    return 'stdin';
  }
  const path = file.replace(/\\/g, '/').replace(/^\.\//, '');
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//.test(path)) {
    return `file:///${encoded.replace('%3A', ':')}`;
  }
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
