import {
  PolicyPlan,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';

const DEEPEST_NESTING = 5;

/**
 * The steps of a run with those of the workflows it calls: a step type does not
 * become allowed by being wrapped.
 */
export function planSteps(
  definition: WorkflowDefinition,
  getWorkflow: (name: string) => WorkflowDefinition | undefined,
): Pick<PolicyPlan, 'steps' | 'workflows'> {
  const workflows = new Set<string>();
  const collect = (
    { steps }: WorkflowDefinition,
    above: { prefix: string; stage: number; share: number; depth: number },
  ): PolicyPlan['steps'] =>
    steps.flatMap(({ name, type, stage, config }) => {
      const step = {
        name: `${above.prefix}${name}`,
        type,
        // Between its step and the next one, so that stages stay apart.
        stage: above.stage + stage * above.share,
        config,
      };
      const called = type === 'workflow' ? config.workflow : undefined;
      if (typeof called !== 'string') {
        return [step];
      }
      workflows.add(called);
      const nested =
        above.depth < DEEPEST_NESTING ? getWorkflow(called) : undefined;
      return nested
        ? [
            step,
            ...collect(nested, {
              prefix: `${step.name}/`,
              stage: step.stage + above.share / 2,
              share: above.share / 1000,
              depth: above.depth + 1,
            }),
          ]
        : [step];
    });
  const steps = collect(definition, {
    prefix: '',
    stage: 0,
    share: 1,
    depth: 0,
  });
  return { steps, workflows: [...workflows] };
}
