import { DiagnosticSeverity } from '../diagnostics';

/**
 * When a step runs: before, during or after the change itself.
 *
 * @public
 */
export const AnalysisPhase = {
  preDeployment: 'pre-deployment',
  deployment: 'deployment',
  postDeployment: 'post-deployment',
} as const;

/** @public */
export type AnalysisPhase = (typeof AnalysisPhase)[keyof typeof AnalysisPhase];

/**
 * What the duration of a step rests on: how long steps like it took here, or
 * what is usual.
 *
 * @public
 */
export const EstimateBasis = {
  history: 'history',
  assumption: 'assumption',
} as const;

/** @public */
export type EstimateBasis = (typeof EstimateBasis)[keyof typeof EstimateBasis];

/**
 * How long something took before.
 *
 * @public
 */
export interface ObservedDuration {
  /** The median. */
  seconds: number;
  /** How many times it was seen. */
  samples: number;
}

/** @public */
export interface AnalysisStep {
  name: string;
  type: string;
  phase: AnalysisPhase;
  dependsOn: string[];
  /** Steps that wait for this one. */
  blocks: string[];
  /** Estimated duration. */
  seconds: number;
  basis: EstimateBasis;
  /** How many earlier durations the estimate rests on. */
  samples?: number;
}

/** @public */
export interface AnalysisRisk {
  severity: DiagnosticSeverity;
  /** Stable code in `SCREAMING_SNAKE`. */
  code: string;
  message: string;
  step?: string;
}

/** @public */
export interface AnalysisGraph {
  nodes: Array<{
    /** `workload:name`, `container:name` or `resource:name`. */
    id: string;
    kind: 'workload' | 'container' | 'resource';
    name: string;
    type?: string;
    /** The workload is level 0. */
    level: number;
  }>;
  edges: Array<{
    from: string;
    to: string;
    /**
     * `contains` and `requires`: the workload has it; `uses`: the container
     * reads an output; `prerequisite`: `from` has to exist before `to`.
     */
    type: 'contains' | 'requires' | 'uses' | 'prerequisite';
  }>;
}

/** @public */
export interface ScoreAnalysis {
  workload: string;
  /** Where the steps come from: the spec's own workflows, or what a deployment implies. */
  source: 'workflows' | 'implied';
  steps: AnalysisStep[];
  /** Steps that can run at the same time, in order, over all phases. */
  levels: string[][];
  phases: Array<{
    name: AnalysisPhase;
    /** Groups of steps that can run at the same time. */
    groups: string[][];
    /** The slowest step of each group, added up. */
    seconds: number;
  }>;
  /** The chain of steps that takes longest. */
  criticalPath: string[];
  /** Duration of the critical path. */
  estimatedSeconds: number;
  /** What the estimate rests on, one sentence each. */
  assumptions: string[];
  /** Size of the largest level. */
  maxParallel: number;
  risks: AnalysisRisk[];
  resourceGraph: AnalysisGraph;
  complexity: { score: number; level: 'low' | 'medium' | 'high' };
}

/**
 * Options of `analyzeScore`.
 *
 * @public
 */
export interface AnalyzeScoreOptions {
  /** What the platform can provision; a resource nobody provides is a risk. */
  providers?: ReadonlyArray<{ name: string; resourceTypes: readonly string[] }>;
  /** How long things took here; goes before every assumption. */
  history?: {
    /** By step type. */
    steps?: Readonly<Record<string, ObservedDuration>>;
    /** By resource type. */
    resources?: Readonly<Record<string, ObservedDuration>>;
  };
  /** Seconds that replace the built-in estimates. */
  durations?: {
    /** By step type. */
    steps?: Readonly<Record<string, number>>;
    /** By resource type. */
    resources?: Readonly<Record<string, number>>;
  };
}
