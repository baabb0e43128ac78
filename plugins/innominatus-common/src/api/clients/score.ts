import { ScoreAnalysis } from '../../analysis';
import { CallOptions } from '../request';
import {
  ScoreGenerateRequest,
  ScoreGenerateResult,
  ScoreMigration,
  ScoreValidation,
} from '../types';
import { ApiCalls } from './ApiCalls';

/**
 * Score files, without storing anything.
 *
 * @public
 */
export abstract class ScoreCalls extends ApiCalls {
  async validateScore(
    body: { score: string; file?: string },
    call?: CallOptions,
  ): Promise<ScoreValidation> {
    return this.post(['score', 'validate'], body, call);
  }

  async analyzeScore(
    body: { score: string; file?: string },
    call?: CallOptions,
  ): Promise<ScoreAnalysis> {
    return this.post(['score', 'analyze'], body, call);
  }

  /** Works for files of workflows as well. */
  async migrateScore(
    body: { score: string; file?: string },
    call?: CallOptions,
  ): Promise<ScoreMigration> {
    return this.post(['score', 'migrate'], body, call);
  }

  /** Kubernetes manifests of Score specs; nothing is made. */
  async generateScore(
    body: ScoreGenerateRequest,
    call?: CallOptions,
  ): Promise<ScoreGenerateResult> {
    return this.post(['score', 'generate'], body, call);
  }
}
