import type {
  AnalysisRisk,
  ScoreAnalysis,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Styles } from '../output/styles';
import { count, safeLine } from '../output/text';
import { humanDuration } from '../output/time';

const RISK_PAINT: Record<AnalysisRisk['severity'], 'red' | 'yellow' | 'cyan'> =
  { error: 'red', warning: 'yellow', info: 'cyan' };

/** An analysis as a person reads it. */
export function analysisText(
  analysis: ScoreAnalysis,
  styles: Styles,
  wide: boolean,
): string {
  const seconds = new Map(
    analysis.steps.map(step => [step.name, step.seconds]),
  );
  const resources = analysis.resourceGraph.nodes.filter(
    node => node.kind === 'resource',
  );
  const lines = [
    `${styles.bold(safeLine(analysis.workload))}: ${count(
      analysis.steps.length,
      'step',
    )}, ${count(resources.length, 'resource')}, about ${humanDuration(
      analysis.estimatedSeconds * 1000,
    )}, complexity ${analysis.complexity.level}`,
    analysis.source === 'workflows'
      ? 'Steps of the workflows in the file; those of one line can run together'
      : 'Steps a deployment implies; those of one line can run together',
    ...analysis.levels.map(
      (level, index) =>
        `  ${index + 1}. ${level
          .map(
            name =>
              `${safeLine(name)} (${humanDuration((seconds.get(name) ?? 0) * 1000)})`,
          )
          .join(', ')}`,
    ),
    'Longest chain',
    `  ${analysis.criticalPath.map(safeLine).join(' -> ')}`,
    'What the estimate rests on',
    ...analysis.assumptions.map(sentence => `  ${safeLine(sentence)}`),
  ];
  if (wide) {
    lines.push(
      'Phases',
      ...analysis.phases.map(
        phase => `  ${phase.name}  ${humanDuration(phase.seconds * 1000)}`,
      ),
    );
  }
  if (resources.length) {
    lines.push(
      'Resources',
      ...resources.map(
        node =>
          `  level ${node.level}  ${safeLine(node.name)}  ${node.type ?? ''}`,
      ),
    );
  }
  if (analysis.risks.length) {
    lines.push(
      'Risks',
      ...analysis.risks.map(
        risk =>
          `  ${styles[RISK_PAINT[risk.severity]](risk.severity)} ${safeLine(risk.message)}`,
      ),
    );
  }
  return lines.join('\n');
}
