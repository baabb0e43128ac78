import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  InnominatusClient,
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { followRun } from './followRun';
import { examples } from './goldenPathRun.examples';
import { isWaiting, startRun } from './startRun';

/**
 * Creates the action `innominatus:golden-path:run`. It starts a run with the
 * rights of the user and follows it; the run itself lives in innominatus and
 * goes on when the task is lost.
 *
 * @public
 */
export function createGoldenPathRunAction(options: {
  /** URL of the portal, for the link to the run. */
  appBaseUrl: string;
  createClient: (credentials: BackstageCredentials) => InnominatusClient;
}) {
  return createTemplateAction({
    id: 'innominatus:golden-path:run',
    description:
      'Runs a golden path of innominatus and waits until the run has ended',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        goldenPath: z => z.string().describe('Name of the golden path'),
        parameters: z =>
          z
            .record(z.any())
            .optional()
            .describe('Parameters of the golden path'),
        entityRef: z =>
          z
            .string()
            .optional()
            .describe('Component whose Score spec is deployed'),
        score: z => z.string().optional().describe('Score spec as YAML'),
        environment: z =>
          z.string().optional().describe('Environment of the application'),
        image: z =>
          z
            .string()
            .optional()
            .describe('Stands in for every image "." of the Score spec'),
        overrides: z =>
          z
            .record(z.any())
            .optional()
            .describe('Merged over the Score spec before it is deployed'),
        overrideProperties: z =>
          z
            .array(z.string())
            .optional()
            .describe('Values of the Score spec, each PATH=VALUE'),
        overrideFreeze: z =>
          z
            .string()
            .optional()
            .describe(
              'Why this is done although the environment is frozen; needs the permission',
            ),
        wait: z =>
          z
            .boolean()
            .optional()
            .describe('Wait until the run has ended. Default true'),
      },
      output: {
        runId: z => z.string().describe('Id of the run'),
        runNumber: z => z.number().describe('Number of the run'),
        runUrl: z => z.string().describe('Page of the run in the portal'),
        status: z =>
          z
            .string()
            .describe(
              'Status of the run; "pending" when people have to agree first and it was not waited for',
            ),
        deploymentId: z =>
          z
            .string()
            .optional()
            .describe('Id of the deployment that waits for people'),
        outputs: z => z.record(z.any()).describe('Outputs of the run'),
      },
    },
    async handler(ctx) {
      const { goldenPath, entityRef, score, environment } = ctx.input;
      const { image, overrides, overrideProperties, overrideFreeze } =
        ctx.input;
      const parameters = definedOnly(ctx.input.parameters ?? {});
      if (ctx.isDryRun) {
        ctx.logger.info(`Would run the golden path "${goldenPath}"`);
        return;
      }
      const client = options.createClient(await ctx.getInitiatorCredentials());

      const signal = ctx.signal ?? new AbortController().signal;
      const log = (line: string) => ctx.logger.info(line);
      // A task that is recovered finds the run that it started before.
      const { runId, runNumber, deploymentId } = await ctx.checkpoint({
        key: 'start-run',
        fn: async () => {
          const started = await startRun({
            client,
            goldenPath,
            request: {
              parameters,
              entityRef,
              score,
              ...(environment && { environment }),
              ...(image && { image }),
              overrides: overrides as JsonObject | undefined,
              overrideProperties,
              ...(overrideFreeze && { overrideFreeze }),
            },
            idempotencyKey: `scaffolder/${ctx.task.id}/${ctx.step?.id ?? goldenPath}`,
            signal,
            log,
            wait: ctx.input.wait !== false,
          });
          return isWaiting(started)
            ? { deploymentId: started.id }
            : { runId: started.id, runNumber: started.number };
        },
      });
      if (runId === undefined) {
        ctx.output('deploymentId', deploymentId);
        ctx.output('status', 'pending');
        log('The deployment waits for approval; its run begins after it');
        return;
      }
      const runUrl = `${options.appBaseUrl.replace(/\/$/, '')}/innominatus/runs/${runId}`;
      ctx.output('runId', runId);
      ctx.output('runNumber', runNumber);
      ctx.output('runUrl', runUrl);
      log(`Run ${runNumber} started: ${runUrl}`);
      if (ctx.input.wait === false) {
        const run = await client.getRun(runId);
        ctx.output('status', run.status);
        return;
      }

      try {
        const run = await followRun({
          client,
          runId,
          signal,
          log,
        });
        ctx.output('status', run.status);
        ctx.output('outputs', run.outputs);
        if (run.status !== 'succeeded') {
          throw new InputError(describeEnd(run));
        }
      } catch (error) {
        if (signal.aborted) {
          await client.cancelRun(runId, {
            reason: 'The scaffolder task was cancelled',
          });
        }
        throw error;
      }
    },
  });
}

function describeEnd(run: {
  number: number;
  status: string;
  failure?: { step?: string; error: { message: string } };
}): string {
  const reason = run.failure
    ? `: ${run.failure.step ? `step "${run.failure.step}": ` : ''}${run.failure.error.message}`
    : '';
  return `Run ${run.number} ${run.status}${reason}`;
}

/** Fields of the form that were left empty are not parameters. */
function definedOnly(
  values: Record<string, unknown>,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  ) as Record<string, JsonValue>;
}
