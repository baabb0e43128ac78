import { Workload } from '../score';
import { Durations, estimateResource, estimateStep } from './durations';
import { AnalysisPhase, AnalysisStep } from './types';

/**
 * The steps a deployment implies when the spec names no workflow of its own:
 * checks, one step per resource, the workload, then monitoring and health.
 */
export function impliedSteps(
  workload: Workload,
  prerequisites: Readonly<Record<string, readonly string[]>>,
  durations: Durations,
): Array<Omit<AnalysisStep, 'blocks'>> {
  const checks = ['validate-spec', 'security-scan'];
  const names = Object.keys(workload.resources).sort();
  return [
    {
      name: 'validate-spec',
      type: 'validation',
      phase: AnalysisPhase.preDeployment,
      dependsOn: [],
      ...estimateStep('validation', durations, 30),
    },
    {
      name: 'security-scan',
      type: 'security',
      phase: AnalysisPhase.preDeployment,
      dependsOn: [],
      ...estimateStep('security', durations, 120),
    },
    ...names.map(name => ({
      name: `provision-${name}`,
      type: 'resource-provisioning',
      phase: AnalysisPhase.deployment,
      dependsOn:
        prerequisites[name].length === 0
          ? checks
          : prerequisites[name].map(other => `provision-${other}`),
      ...estimateResource(workload.resources[name].type, durations),
    })),
    {
      name: 'deploy-application',
      type: 'kubernetes',
      phase: AnalysisPhase.deployment,
      dependsOn:
        names.length === 0 ? checks : names.map(name => `provision-${name}`),
      ...estimateStep('kubernetes', durations, 180),
    },
    {
      name: 'setup-monitoring',
      type: 'monitoring',
      phase: AnalysisPhase.postDeployment,
      dependsOn: ['deploy-application'],
      ...estimateStep('monitoring', durations, 120),
    },
    {
      name: 'health-check',
      type: 'validation',
      phase: AnalysisPhase.postDeployment,
      dependsOn: ['deploy-application'],
      ...estimateStep('health-check', durations, 60),
    },
  ];
}
