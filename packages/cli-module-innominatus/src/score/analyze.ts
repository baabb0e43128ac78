import {
  ScoreAnalysis,
  analyzeScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { FileText } from './scoreFile';
import { readWorkload } from './readWorkload';

/** Reads a Score file and estimates what deploying it means. */
export function analyze(
  context: CommandContext,
  { text, file }: FileText,
): ScoreAnalysis {
  return analyzeScore(readWorkload(context, { text, file, deployable: false }));
}
