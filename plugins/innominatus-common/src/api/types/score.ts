import { Diagnostic } from '../../diagnostics';

/** @public */
export interface ScoreValidation {
  valid: boolean;
  file?: string;
  issues: Diagnostic[];
}
