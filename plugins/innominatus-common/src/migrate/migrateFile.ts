import { Diagnostic } from '../diagnostics';
import { readYaml } from '../score';
import { migrateWorkflows } from '../workflow';
import { looksLikeGoldenPaths, migrateGoldenPaths } from './migrateGoldenPaths';
import { ExtractedFile, looksLikeScore, migrateScore } from './migrateScore';
import { stepTypesLeft } from './stepTypesLeft';

/**
 * Result of {@link migrateFile}.
 *
 * @public
 */
export interface MigratedFile {
  /** What the file was taken for. */
  kind: 'score' | 'workflows' | 'golden-paths';
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
 * Rewrites a file of an earlier form, a Score spec, workflows or a list of
 * golden paths, into the canonical one.
 *
 * @param options - `files`: the files that a list of golden paths names, by
 * the names it gives them; see {@link goldenPathFiles}.
 *
 * @public
 */
export function migrateFile(
  text: string,
  options: {
    file?: string;
    files?: Readonly<Record<string, string>>;
  } = {},
): MigratedFile {
  const { file, files = {} } = options;
  const { value } = readYaml(text, { file });
  if (looksLikeGoldenPaths(value)) {
    const migrated = migrateGoldenPaths(text, { file, files });
    return {
      kind: 'golden-paths',
      ...migrated,
      extracted: [],
      remaining:
        migrated.diagnostics.length > 0
          ? []
          : stepTypesLeft(migrated.text, file),
    };
  }
  if (looksLikeScore(value)) {
    const migrated = migrateScore(text, { file });
    return {
      kind: 'score',
      ...migrated,
      remaining: [
        ...migrated.remaining,
        ...migrated.extracted.flatMap(part =>
          stepTypesLeft(part.text, part.file),
        ),
      ],
    };
  }
  const migrated = migrateWorkflows(text, { file });
  return {
    kind: 'workflows',
    ...migrated,
    extracted: [],
    remaining:
      migrated.diagnostics.length > 0 ? [] : stepTypesLeft(migrated.text, file),
  };
}
