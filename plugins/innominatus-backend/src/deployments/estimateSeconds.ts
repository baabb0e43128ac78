import {
  ProviderMatch,
  RESOURCE_PROVISIONING_STEP_TYPE,
  StepDefinition,
  WorkflowDefinition,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { PastDurations } from './PastRunDurations';

const USUAL_STEP_SECONDS = 2;

export interface EstimateOptions {
  workflow: (name: string) => WorkflowDefinition | undefined;
  providers?: Map<string, ProviderMatch>;
  past?: PastDurations;
}

export interface Estimate {
  seconds: number;
  /** Whether at least one of the durations comes from earlier runs. */
  from: 'history' | 'definitions';
}

/**
 * How long a run takes if nothing waits: the longest way through its steps.
 * Earlier runs know best; without them steps that say how long they take count
 * with that, and provisioning steps with the workflow of their provider.
 */
export function estimateSeconds(
  definition: WorkflowDefinition,
  options: EstimateOptions,
): Estimate {
  const ends = new Map<string, number>();
  let from: Estimate['from'] = 'definitions';
  for (const step of [...definition.steps].sort((a, b) => a.stage - b.stage)) {
    const start = step.dependsOn.reduce(
      (latest, name) => Math.max(latest, ends.get(name) ?? 0),
      0,
    );
    const known = pastSeconds(step, options);
    from = known === undefined ? from : 'history';
    ends.set(step.name, start + (known ?? stepSeconds(step, options)));
  }
  const last = [...ends.values()].reduce((a, b) => Math.max(a, b), 0);
  return { seconds: Math.ceil(last), from };
}

function pastSeconds(
  step: StepDefinition,
  { past, providers }: EstimateOptions,
): number | undefined {
  if (step.type !== RESOURCE_PROVISIONING_STEP_TYPE) {
    return past?.steps.get(step.name);
  }
  const name = workflowOf(step, providers);
  return name === undefined ? undefined : past?.workflows.get(name);
}

/** Name of the workflow that provisions the resource of a step. */
export function workflowOf(
  step: StepDefinition,
  providers: EstimateOptions['providers'],
): string | undefined {
  const match = providers?.get(String(step.config.resource));
  return match?.resourceType.operations.create.workflow;
}

function stepSeconds(step: StepDefinition, options: EstimateOptions): number {
  const ms = parseDuration(step.config.duration);
  if (ms !== undefined) {
    return ms / 1000;
  }
  const name =
    step.type === RESOURCE_PROVISIONING_STEP_TYPE
      ? workflowOf(step, options.providers)
      : undefined;
  const nested = name === undefined ? undefined : options.workflow(name);
  return nested
    ? estimateSeconds(nested, { workflow: options.workflow }).seconds
    : USUAL_STEP_SECONDS;
}
