import {
  StepDefinition,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';

/** What a scenario says of a step; the rest has plain values. */
export type ContractStep = Partial<Omit<StepDefinition, 'retry'>> & {
  name: string;
  retry?: Partial<StepDefinition['retry']>;
};

/** A compiled workflow; steps begin at once unless `dependsOn` says otherwise. */
export function contractWorkflow(
  steps: ContractStep[],
  patch: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return {
    name: 'contract',
    variables: {},
    outputs: {},
    timeoutMs: 120_000,
    ...patch,
    steps: steps.map(step => ({
      type: 'rerun',
      stage: 0,
      dependsOn: [],
      when: step.finally ? 'always' : 'on_success',
      env: {},
      config: {},
      setVariables: {},
      timeoutMs: 60_000,
      ...step,
      retry: {
        attempts: 1,
        backoff: { initialMs: 20, factor: 2, maxMs: 1000, jitter: 0 },
        ...step.retry,
      },
    })),
  };
}

/** Each step waits for the one before it. */
export function inOrder(steps: ContractStep[]): ContractStep[] {
  return steps.map((step, i) => ({
    ...step,
    dependsOn: i === 0 ? [] : [steps[i - 1].name],
  }));
}
