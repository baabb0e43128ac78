import {
  AnalysisPhase,
  AnalysisStep,
  AnalyzeScoreOptions,
  EstimateBasis,
  ObservedDuration,
} from './types';

const STEP_SECONDS: Record<string, number> = {
  validation: 30,
  security: 120,
  policy: 60,
  terraform: 300,
  ansible: 180,
  kubernetes: 180,
  'resource-provisioning': 240,
  monitoring: 120,
  'health-check': 60,
  'gitea-repo': 30,
  'git-commit-manifests': 60,
  'argocd-app': 120,
  'vault-setup': 120,
  'database-migration': 180,
  'cost-analysis': 120,
  tagging: 60,
};
const OTHER_STEP_SECONDS = 120;

const RESOURCE_SECONDS: Record<string, number> = {
  postgres: 300,
  redis: 180,
  volume: 120,
  route: 60,
  service: 30,
};
const OTHER_RESOURCE_SECONDS = 180;

const PHASES: Record<string, AnalysisPhase> = {
  validation: AnalysisPhase.preDeployment,
  security: AnalysisPhase.preDeployment,
  policy: AnalysisPhase.preDeployment,
  monitoring: AnalysisPhase.postDeployment,
  'health-check': AnalysisPhase.postDeployment,
};

/** Where durations come from. */
export type Durations = Pick<AnalyzeScoreOptions, 'durations' | 'history'>;

export type Estimate = Pick<AnalysisStep, 'seconds' | 'basis' | 'samples'>;

/** @param usual - What to assume instead of what the type usually takes. */
export function estimateStep(
  type: string,
  { durations, history }: Durations,
  usual?: number,
): Estimate {
  return estimate(
    pick(history?.steps, type),
    pick(durations?.steps, type) ??
      usual ??
      pick(STEP_SECONDS, type) ??
      OTHER_STEP_SECONDS,
  );
}

export function estimateResource(
  type: string,
  { durations, history }: Durations,
): Estimate {
  return estimate(
    pick(history?.resources, type),
    pick(durations?.resources, type) ??
      pick(RESOURCE_SECONDS, type) ??
      OTHER_RESOURCE_SECONDS,
  );
}

function estimate(
  observed: ObservedDuration | undefined,
  assumed: number,
): Estimate {
  return observed
    ? { ...observed, basis: EstimateBasis.history }
    : { seconds: assumed, basis: EstimateBasis.assumption };
}

export function phaseOfStep(type: string): AnalysisPhase {
  return Object.hasOwn(PHASES, type) ? PHASES[type] : AnalysisPhase.deployment;
}

function pick<T>(
  table: Readonly<Record<string, T>> | undefined,
  key: string,
): T | undefined {
  return table && Object.hasOwn(table, key) ? table[key] : undefined;
}
