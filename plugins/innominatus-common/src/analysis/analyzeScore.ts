import { topologicalLevels, Workload } from '../score';
import { assumptionsOf } from './assumptions';
import { criticalPath } from './criticalPath';
import { findRisks } from './findRisks';
import { impliedSteps } from './impliedSteps';
import { resourcePrerequisites } from './prerequisites';
import { resourceGraph } from './resourceGraph';
import {
  AnalysisPhase,
  AnalysisRisk,
  AnalysisStep,
  AnalyzeScoreOptions,
  ScoreAnalysis,
} from './types';
import { workflowSteps } from './workflowSteps';

/**
 * Estimates what deploying a workload means: its steps, what can run at the
 * same time, the longest chain, the resources and the risks. Pure; nothing is
 * looked up and nothing is changed.
 *
 * @public
 */
export function analyzeScore(
  workload: Workload,
  options: AnalyzeScoreOptions = {},
): ScoreAnalysis {
  const prerequisites = resourcePrerequisites(workload);
  const workflows = workload.extensions.workflows ?? {};
  const source = Object.keys(workflows).length > 0 ? 'workflows' : 'implied';
  const found =
    source === 'workflows'
      ? workflowSteps(workflows, options)
      : {
          steps: impliedSteps(workload, prerequisites, options),
          risks: [],
        };
  const steps = withBlocks(found.steps);
  const { levels, risks } = levelsOf(steps);
  const { path, seconds } = criticalPath(steps, levels);
  return {
    workload: workload.name,
    source,
    steps,
    levels,
    phases: phasesOf(steps, levels),
    criticalPath: path,
    estimatedSeconds: seconds,
    assumptions: assumptionsOf(steps),
    maxParallel: Math.max(0, ...levels.map(level => level.length)),
    risks: [
      ...found.risks,
      ...risks,
      ...findRisks({
        workload,
        steps,
        levels,
        estimatedSeconds: seconds,
        providers: options.providers,
      }),
    ],
    resourceGraph: resourceGraph(workload, prerequisites),
    complexity: complexityOf({
      steps: steps.length,
      resources: Object.keys(workload.resources).length,
      pathLength: path.length,
    }),
  };
}

function withBlocks(
  steps: ReadonlyArray<Omit<AnalysisStep, 'blocks'>>,
): AnalysisStep[] {
  const blocks = new Map<string, string[]>();
  for (const { name, dependsOn } of steps) {
    for (const dependency of dependsOn) {
      const blocked = blocks.get(dependency) ?? [];
      blocked.push(name);
      blocks.set(dependency, blocked);
    }
  }
  return steps.map(step => ({ ...step, blocks: blocks.get(step.name) ?? [] }));
}

function levelsOf(steps: readonly AnalysisStep[]): {
  levels: string[][];
  risks: AnalysisRisk[];
} {
  const { levels, cycle } = topologicalLevels(
    Object.fromEntries(steps.map(({ name, dependsOn }) => [name, dependsOn])),
  );
  return {
    levels,
    risks: cycle
      ? [
          {
            severity: 'error',
            code: 'STEP_CYCLE',
            message: `Steps wait for each other in a circle and would never start: ${cycle.join(' → ')}.`,
            step: cycle[0],
          },
        ]
      : [],
  };
}

function phasesOf(
  steps: readonly AnalysisStep[],
  levels: readonly string[][],
): ScoreAnalysis['phases'] {
  const byName = new Map(steps.map(step => [step.name, step]));
  return Object.values(AnalysisPhase)
    .map(phase => {
      const groups = levels
        .map(level => level.filter(name => byName.get(name)?.phase === phase))
        .filter(group => group.length > 0);
      const seconds = groups.reduce(
        (sum, group) =>
          sum + Math.max(...group.map(name => byName.get(name)?.seconds ?? 0)),
        0,
      );
      return { name: phase, groups, seconds };
    })
    .filter(({ groups }) => groups.length > 0);
}

function complexityOf(size: {
  steps: number;
  resources: number;
  pathLength: number;
}): ScoreAnalysis['complexity'] {
  const score =
    2 * size.steps + 3 * size.resources + (size.pathLength > 5 ? 10 : 0);
  if (score > 30) {
    return { score, level: 'high' };
  }
  return { score, level: score > 15 ? 'medium' : 'low' };
}
