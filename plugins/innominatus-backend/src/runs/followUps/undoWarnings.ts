import { LoggerService } from '@backstage/backend-plugin-api';
import {
  Run,
  RunState,
  StepDefinition,
  UndoPlan,
  UndoneStep,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepFailure,
  UndoLookContext,
} from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor } from '../../engine/Redactor';
import { RunSecrets } from '../../engine/RunSecrets';
import { readStepConfig } from '../../engine/stepConfig';
import { SecretStore } from '../../secrets';
import { StepTypeRegistry } from '../../stepTypes/StepTypeRegistry';

/** Somebody waits for the preview. */
const LOOK_TIMEOUT_MS = 10_000;
const MOST_WARNINGS = 50;
const LONGEST_WARNING = 1_000;

export interface UndoWarningsOptions {
  knex: Knex;
  secrets: SecretStore;
  stepTypes: Pick<StepTypeRegistry, 'get'>;
  logger: LoggerService;
}

/**
 * Has the step types look at what the undo of a run would find, and answers by
 * step what it would leave. A look that does not succeed is a warning too: the
 * undo itself may be better off.
 */
export async function undoWarnings(
  ended: { run: Run; state: RunState; plan: UndoPlan },
  options: UndoWarningsOptions,
): Promise<Map<string, string[]>> {
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
  const found = await Promise.all(
    ended.plan.definition.steps.map(
      async step =>
        [
          step.name,
          await lookAt(step, { ...options, ...ended, signal }),
        ] as const,
    ),
  );
  return new Map(found.filter(([, warnings]) => warnings.length > 0));
}

async function lookAt(
  step: StepDefinition,
  options: UndoWarningsOptions & {
    run: Run;
    state: RunState;
    signal: AbortSignal;
  },
): Promise<string[]> {
  const { run, state, signal, knex, logger, stepTypes } = options;
  const stepType = stepTypes.get(step.type);
  if (!stepType?.undoWarnings) {
    return [];
  }
  const redactor = Redactor.create();
  const secrets = RunSecrets.create(options.secrets, redactor);
  let workspace: string | undefined;
  const context: UndoLookContext<any> = {
    config: readStepConfig(stepType, step.config),
    step: { name: step.name },
    application: run.application,
    environment: state.input.environment,
    undone: step.undo as UndoneStep,
    artifacts: {
      read: async name => {
        const row: { content: string } | undefined = await knex('run_artifacts')
          .where({ run_id: run.id, name })
          .first('content');
        return row?.content;
      },
    },
    workspace: async () => {
      workspace ??= await mkdtemp(join(tmpdir(), 'innominatus-undo-'));
      return workspace;
    },
    resolveSecrets: value => secrets.resolve(value),
    signal,
    logger,
  };
  try {
    const warnings = await stepType.undoWarnings(context);
    const shown = warnings.slice(0, MOST_WARNINGS);
    const more = warnings.length - shown.length;
    return [...shown, ...(more > 0 ? [`And ${more} more.`] : [])].map(warning =>
      redactor.redact(warning).slice(0, LONGEST_WARNING),
    );
  } catch (error) {
    return [
      `What the undo would find is not known: ${reasonOf(error, options)}`,
    ];
  } finally {
    if (workspace !== undefined) {
      await rm(workspace, { recursive: true, force: true });
    }
  }
}

/** Only failures of steps are written for whoever reads the preview. */
function reasonOf(
  error: unknown,
  {
    signal,
    run,
    logger,
  }: { signal: AbortSignal; run: Run; logger: LoggerService },
): string {
  if (signal.aborted) {
    return `the look was not over within ${LOOK_TIMEOUT_MS / 1000} seconds.`;
  }
  if (error instanceof StepFailure) {
    return error.message.slice(0, LONGEST_WARNING);
  }
  logger.warn(
    `The undo of run ${run.number} could not be looked at`,
    error as Error,
  );
  return 'the look failed. The log of the backend says why.';
}
