import { Workload } from '../score';
import { secondsOfResource } from './durations';
import { AnalysisPhase, AnalysisStep, AnalyzeScoreOptions } from './types';

/**
 * The steps a deployment implies when the spec names no workflow of its own:
 * checks, one step per resource, the workload, then monitoring and health.
 */
export function impliedSteps(
  workload: Workload,
  prerequisites: Readonly<Record<string, readonly string[]>>,
  durations: AnalyzeScoreOptions['durations'],
): Array<Omit<AnalysisStep, 'blocks'>> {
  const checks = ['validate-spec', 'security-scan'];
  const names = Object.keys(workload.resources).sort();
  const seconds = (type: string, standard: number) =>
    durations?.steps && Object.hasOwn(durations.steps, type)
      ? durations.steps[type]
      : standard;
  return [
    {
      name: 'validate-spec',
      type: 'validation',
      phase: AnalysisPhase.preDeployment,
      dependsOn: [],
      seconds: seconds('validation', 30),
    },
    {
      name: 'security-scan',
      type: 'security',
      phase: AnalysisPhase.preDeployment,
      dependsOn: [],
      seconds: seconds('security', 120),
    },
    ...names.map(name => ({
      name: `provision-${name}`,
      type: 'resource-provisioning',
      phase: AnalysisPhase.deployment,
      dependsOn:
        prerequisites[name].length === 0
          ? checks
          : prerequisites[name].map(other => `provision-${other}`),
      seconds: secondsOfResource(workload.resources[name].type, durations),
    })),
    {
      name: 'deploy-application',
      type: 'kubernetes',
      phase: AnalysisPhase.deployment,
      dependsOn:
        names.length === 0 ? checks : names.map(name => `provision-${name}`),
      seconds: seconds('kubernetes', 180),
    },
    {
      name: 'setup-monitoring',
      type: 'monitoring',
      phase: AnalysisPhase.postDeployment,
      dependsOn: ['deploy-application'],
      seconds: seconds('monitoring', 120),
    },
    {
      name: 'health-check',
      type: 'validation',
      phase: AnalysisPhase.postDeployment,
      dependsOn: ['deploy-application'],
      seconds: seconds('health-check', 60),
    },
  ];
}
