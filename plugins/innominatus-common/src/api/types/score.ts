import type { MigratedFile } from '../../migrate';
import { Diagnostic } from '../../diagnostics';
import { JsonObject } from '../../json';
import { KubernetesObject } from '../../manifests';
import { FileSourceContent } from '../../score/fileSources';

/** @public */
export interface ScoreValidation {
  valid: boolean;
  file?: string;
  issues: Diagnostic[];
}

/** @public */
export interface ScoreMigration extends Omit<MigratedFile, 'diagnostics'> {
  file: string;
}

/** One Score spec of a {@link ScoreGenerateRequest}. @public */
export interface ScoreGenerateSpec {
  /** Score spec as YAML text. */
  score: string;
  file?: string;
  /** What the files under `files.*.source` hold, by path as written. */
  sources?: Record<string, FileSourceContent>;
}

/**
 * Body of `POST /score/generate`: one spec right here, or several under
 * `specs`.
 *
 * @public
 */
export interface ScoreGenerateRequest extends Partial<ScoreGenerateSpec> {
  specs?: ScoreGenerateSpec[];
  environment?: string;
  namespace?: string;
  generateNamespace?: boolean;
  /** Stands in for every image `.`; for one spec only. */
  image?: string;
  overrides?: JsonObject;
  overrideProperties?: string[];
  /** Outputs of resources by name or uid. */
  outputs?: JsonObject;
}

/** @public */
export interface ScoreGenerateResult {
  manifests: KubernetesObject[];
  /** The manifests as a YAML stream. */
  text: string;
  /** Warnings and notes. */
  issues: Diagnostic[];
}
