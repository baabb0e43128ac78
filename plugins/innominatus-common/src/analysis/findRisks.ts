import { nearestNames } from '../diagnostics';
import { Workload } from '../score';
import { AnalysisRisk, AnalysisStep, AnalyzeScoreOptions } from './types';

const LONG_STEP_SECONDS = 300;
const LONG_TOTAL_SECONDS = 15 * 60;
const MANY_RESOURCES = 5;

/**
 * What a person should know before the plan runs.
 */
export function findRisks(options: {
  workload: Workload;
  steps: readonly AnalysisStep[];
  levels: readonly string[][];
  estimatedSeconds: number;
  providers: AnalyzeScoreOptions['providers'];
}): AnalysisRisk[] {
  const { workload, steps, levels, estimatedSeconds, providers } = options;
  const risks: AnalysisRisk[] = [];
  const alone = new Set(
    levels.filter(level => level.length === 1).map(([name]) => name),
  );
  for (const { name, seconds } of steps) {
    if (seconds >= LONG_STEP_SECONDS && alone.has(name)) {
      risks.push({
        severity: 'warning',
        code: 'LONG_STEP',
        message: `The step "${name}" takes about ${minutes(seconds)} and nothing else can run meanwhile.`,
        step: name,
      });
    }
  }
  if (!steps.some(({ type }) => type === 'validation' || type === 'security')) {
    risks.push({
      severity: 'warning',
      code: 'NO_CHECKS',
      message: 'No step validates the spec or checks its security.',
    });
  }
  if (!steps.some(({ type }) => type === 'monitoring')) {
    risks.push({
      severity: 'info',
      code: 'NO_MONITORING',
      message: 'No step sets up monitoring; consider adding one.',
    });
  }
  const resources = Object.values(workload.resources);
  if (resources.length > MANY_RESOURCES) {
    risks.push({
      severity: 'warning',
      code: 'MANY_RESOURCES',
      message: `The workload asks for ${resources.length} resources, which makes a deployment harder to oversee.`,
    });
  }
  if (estimatedSeconds > LONG_TOTAL_SECONDS) {
    risks.push({
      severity: 'info',
      code: 'LONG_DEPLOYMENT',
      message: `The deployment takes about ${minutes(estimatedSeconds)}; consider shared resources or images built beforehand.`,
    });
  }
  if (providers !== undefined) {
    risks.push(...missingProviders(workload, providers));
  }
  return risks;
}

function missingProviders(
  workload: Workload,
  providers: NonNullable<AnalyzeScoreOptions['providers']>,
): AnalysisRisk[] {
  const types = new Set(
    providers.flatMap(({ resourceTypes }) => resourceTypes),
  );
  return Object.values(workload.resources)
    .filter(({ type }) => !types.has(type))
    .map(({ name, type }) => {
      const [near] = nearestNames(type, types);
      return {
        severity: 'error' as const,
        code: 'NO_PROVIDER',
        message: `No provider knows the type "${type}" of resource "${name}"${
          near === undefined ? '' : `; did you mean "${near}"`
        }.`,
        step: `provision-${name}`,
      };
    });
}

function minutes(seconds: number): string {
  return `${Math.round(seconds / 60)} min`;
}
