import {
  StepAssignment,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import {
  Context,
  TerminalError,
  WorkflowContext,
  WorkflowSharedContext,
  handlers,
  service,
  workflow,
} from '@restatedev/restate-sdk';
import { z } from 'zod';
import { moveRun } from './moveRun';

/** In years without an answer nobody gives up: a person may cancel the run. */
const FOR_EVER = {
  initialInterval: 50,
  exponentiationFactor: 2,
  maxInterval: 10_000,
  maxAttempts: 10_000_000,
  onMaxAttempts: 'pause',
} as const;

const DAY_MS = 24 * 3_600_000;

const assignmentSchema = z.strictObject({
  runId: z.string().min(1).max(200),
  step: z.string().min(1).max(500),
  attempt: z.number().int().min(1),
  fencingToken: z.number().int().min(1),
});

const nameSchema = z.string().regex(/^wake\/\d{1,9}$/);

/**
 * The two services that Restate calls.
 *
 * `run` is a workflow for each run, with the id of the run as its key. It only
 * says what has to happen: advance, have the started steps carried out, sleep
 * until the next timer, and wait for whichever comes first. All it knows comes
 * out of the answers of `advance`, which Restate keeps, so that a replay takes
 * the same way whatever version of the backend it runs in; what a run is made
 * of never goes through Restate.
 *
 * `step` carries out one assignment. It keeps nothing in Restate either: the
 * host knows whether an assignment was taken, and what came of it, so that
 * Restate may call as often as it likes.
 */
export function createServices(options: {
  prefix: string;
  host: WorkflowRuntimeHost;
}) {
  const { prefix, host } = options;

  const step = service({
    name: `${prefix}-step`,
    description: 'Carries out one attempt of a step.',
    handlers: {
      execute: handlers.handler(
        {
          ingressPrivate: true,
          // An attempt may take days, and nothing can be heard of it meanwhile.
          inactivityTimeout: DAY_MS,
          abortTimeout: DAY_MS,
          idempotencyRetention: { hours: 1 },
          journalRetention: 0,
          retryPolicy: FOR_EVER,
        },
        async (_ctx: Context, input: StepAssignment): Promise<void> => {
          await host.executeStep(readInput(assignmentSchema, input));
        },
      ),
    },
  });

  const run = workflow({
    name: `${prefix}-run`,
    description: 'Moves one run forward until it ends.',
    // A run whose workflow somebody stopped in Restate can begin anew soon.
    options: { workflowRetention: { minutes: 1 } },
    handlers: {
      run: handlers.workflow.workflow(
        { retryPolicy: FOR_EVER },
        async (ctx: WorkflowContext): Promise<void> => {
          await moveRun(ctx, host, assignment =>
            ctx.serviceClient(step).execute(assignment),
          );
        },
      ),
      wake: handlers.workflow.shared(
        { retryPolicy: FOR_EVER, journalRetention: 0 },
        async (ctx: WorkflowSharedContext, input: string): Promise<void> => {
          const promise = ctx.promise<boolean>(readInput(nameSchema, input));
          if ((await promise.peek()) === undefined) {
            await promise.resolve(true);
          }
        },
      ),
    },
  });

  return { run, step };
}

export type RestateServices = ReturnType<typeof createServices>;

/** What can never be right must not be tried again. */
function readInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (!result.success) {
    throw new TerminalError(
      `The request is not one of innominatus: ${z.prettifyError(result.error)}`,
      { errorCode: 400 },
    );
  }
  return result.data;
}
