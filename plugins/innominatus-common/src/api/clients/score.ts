import { JsonObject } from '../../json';
import { CallOptions } from '../request';
import { ScoreValidation } from '../types';
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
  ): Promise<JsonObject> {
    return this.post(['score', 'analyze'], body, call);
  }
}
