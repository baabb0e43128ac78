import {
  StepDefinition,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';

export type TestStep = Partial<Omit<StepDefinition, 'retry'>> & {
  name: string;
  type: string;
  retry?: Partial<StepDefinition['retry']>;
};

/** A compiled workflow; steps begin at once unless `dependsOn` says otherwise. */
export function testWorkflow(
  steps: TestStep[],
  options: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return {
    name: 'test',
    variables: {},
    outputs: {},
    timeoutMs: 60_000,
    ...options,
    steps: steps.map(step => ({
      stage: 0,
      dependsOn: [],
      when: 'on_success',
      env: {},
      config: {},
      setVariables: {},
      timeoutMs: 30_000,
      ...step,
      retry: {
        attempts: 1,
        backoff: { initialMs: 10, factor: 1, maxMs: 10, jitter: 0 },
        ...step.retry,
      },
    })),
  };
}

/** Each step waits for the one before it. */
export function inOrder(steps: TestStep[]): TestStep[] {
  return steps.map((step, i) => ({
    ...step,
    dependsOn: i === 0 ? [] : [steps[i - 1].name],
  }));
}
