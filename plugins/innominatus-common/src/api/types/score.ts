import type { MigratedFile } from '../../migrate';
import { Diagnostic } from '../../diagnostics';

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
