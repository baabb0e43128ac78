import { Diagnostic } from '../diagnostics';
import { readYaml } from '../score';
import { migrateWorkflows } from '../workflow';
import { ExtractedFile, looksLikeScore, migrateScore } from './migrateScore';

/**
 * Result of {@link migrateFile}.
 *
 * @public
 */
export interface MigratedFile {
  /** What the file was taken for. */
  kind: 'score' | 'workflows';
  /** The file in the canonical form; the same text when nothing was to do. */
  text: string;
  /** One sentence for each change. */
  changes: string[];
  /** Parts that need files of their own. */
  extracted: ExtractedFile[];
  /** Why the file cannot be rewritten; then `text` is what was given. */
  diagnostics: Diagnostic[];
  /** What is left for a person to mend in `text`. */
  remaining: Diagnostic[];
}

/**
 * Rewrites a file of an earlier form, a Score spec or workflows, into the
 * canonical one.
 *
 * @public
 */
export function migrateFile(
  text: string,
  options: { file?: string } = {},
): MigratedFile {
  if (looksLikeScore(readYaml(text, options).value)) {
    return { kind: 'score', ...migrateScore(text, options) };
  }
  return {
    kind: 'workflows',
    ...migrateWorkflows(text, options),
    extracted: [],
    remaining: [],
  };
}
