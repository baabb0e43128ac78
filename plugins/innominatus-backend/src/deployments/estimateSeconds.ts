import {
  ProviderMatch,
  RESOURCE_PROVISIONING_STEP_TYPE,
  StepDefinition,
  WorkflowDefinition,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';

const USUAL_STEP_SECONDS = 2;

/**
 * How long a run takes if nothing waits: the longest way through its steps.
 * Steps that say how long they take count with that, provisioning steps with
 * the workflow of their provider.
 */
export function estimateSeconds(
  definition: WorkflowDefinition,
  options: {
    workflow: (name: string) => WorkflowDefinition | undefined;
    providers?: Map<string, ProviderMatch>;
  },
): number {
  const ends = new Map<string, number>();
  for (const step of [...definition.steps].sort((a, b) => a.stage - b.stage)) {
    const start = Math.max(
      0,
      ...step.dependsOn.map(name => ends.get(name) ?? 0),
    );
    ends.set(step.name, start + stepSeconds(step, options));
  }
  return Math.ceil(Math.max(0, ...ends.values()));
}

function stepSeconds(
  step: StepDefinition,
  options: Parameters<typeof estimateSeconds>[1],
): number {
  const ms = parseDuration(step.config.duration);
  if (ms !== undefined) {
    return ms / 1000;
  }
  const match = options.providers?.get(String(step.config.resource));
  if (step.type !== RESOURCE_PROVISIONING_STEP_TYPE || !match) {
    return USUAL_STEP_SECONDS;
  }
  const name = match.resourceType.operations.create.workflow;
  const nested = name === undefined ? undefined : options.workflow(name);
  return nested
    ? estimateSeconds(nested, { workflow: options.workflow })
    : USUAL_STEP_SECONDS;
}
