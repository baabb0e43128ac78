import {
  JsonValue,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  createStepType,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { RunService } from '../runs/types';
import { runNested } from './nestedRun';

const HOUR_MS = 60 * 60 * 1000;

const schema = z.strictObject({
  /** Name of the workflow. */
  workflow: z.string().min(1),
  parameters: z.record(z.string(), z.json()).optional(),
});

/** Finds workflows by name. */
export interface WorkflowLookup {
  getWorkflow(name: string): Promise<WorkflowDefinition | undefined>;
}

export interface WorkflowStepTypeOptions {
  runs: RunService;
  workflows: WorkflowLookup;
}

/** Runs another workflow; its outputs become the outputs of the step. */
export function createWorkflowStepType(options: WorkflowStepTypeOptions) {
  return createStepType({
    name: 'workflow',
    description: 'Runs another workflow and waits for it.',
    schema,
    effects: 'external',
    onInterrupt: 'resume',
    defaultTimeoutMs: 2 * HOUR_MS,
    async run(context) {
      const { workflow, parameters = {} } = context.config;
      const definition = await options.workflows.getWorkflow(workflow);
      if (!definition) {
        throw new StepFailure(
          `There is no workflow "${workflow}". Check the name in "config.workflow" and the folders in "innominatus.locations".`,
          { code: 'WORKFLOW_NOT_FOUND' },
        );
      }
      const run = await runNested(context, {
        runs: options.runs,
        definition,
        parameters: parameters as Record<string, JsonValue>,
      });
      return { outputs: run.outputs };
    },
  });
}
