import {
  JsonObject,
  LoadedWorkflow,
  Run,
  RunSummary,
  unknownWorkflow,
  validateCall,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  createStepType,
  StepFailure,
  UndoContext,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { derivedId } from '../database';
import { RunService } from '../runs/types';
import { followNested, runNested } from './nestedRun';

const HOUR_MS = 60 * 60 * 1000;

const schema = z.strictObject({
  /** Name of the workflow. */
  workflow: z.string().min(1),
  parameters: z.record(z.string(), z.json()).optional(),
});

type CalledWorkflow = Pick<LoadedWorkflow, 'definition' | 'parameters'>;

/** Finds workflows by name. */
export interface WorkflowLookup {
  getWorkflow(name: string): Promise<CalledWorkflow | undefined>;
}

export interface WorkflowStepTypeOptions {
  runs: RunService;
  workflows: WorkflowLookup;
  followUps: NestedUndo;
}

/** Undoes runs as a part of something larger. */
export interface NestedUndo {
  undoByItself(options: {
    id: string;
    runId: string;
    initiator: string;
    parentRun: { id: string; step: string };
  }): Promise<{ run: RunSummary } | { reason: string }>;
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
      const called = await options.workflows.getWorkflow(workflow);
      if (!called) {
        const { message, code } = unknownWorkflow(workflow);
        throw new StepFailure(message, { code });
      }
      const { values, issues } = validateCall(
        called.parameters,
        parameters as JsonObject,
      );
      if (issues.length > 0) {
        throw new StepFailure(
          `Step "${context.step.name}" cannot call the workflow "${workflow}": ${issues.map(({ message }) => message).join('; ')}`,
          { code: 'PARAMETERS_INVALID' },
        );
      }
      const run = await runNested(context, {
        runs: options.runs,
        definition: called.definition,
        parameters: values,
      });
      return { outputs: run.outputs };
    },
    /** The runs of all attempts, the last one first. */
    async undo(context) {
      for (const key of [...context.undone.keys].reverse()) {
        await undoNested(context, { ...options, id: derivedId(key) });
      }
    },
  });
}

async function undoNested(
  context: UndoContext<unknown>,
  options: WorkflowStepTypeOptions & { id: string },
): Promise<void> {
  const { runs, followUps, id } = options;
  const { run, step, log, signal, idempotencyKey } = context;
  let nested: Run;
  try {
    nested = await runs.waitForEnd({ id, signal });
  } catch (error) {
    if ((error as Error).name === 'NotFoundError') {
      // The attempt ended before it came that far.
      return;
    }
    throw error;
  }
  const answer = await followUps.undoByItself({
    id,
    runId: derivedId(`${idempotencyKey}/${id}`),
    initiator: run.initiator,
    parentRun: { id: run.id, step: step.name },
  });
  if ('reason' in answer) {
    log.info(`Run ${nested.number} is left as it is: ${answer.reason}`);
    return;
  }
  log.info(`Run ${answer.run.number} undoes run ${nested.number}`);
  await followNested(context, { runs, started: answer.run });
}
