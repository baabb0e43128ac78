import { LoggerService } from '@backstage/backend-plugin-api';
import {
  FiledOutputs,
  JsonValue,
  OutsideWait,
  RunState,
  StepApproval,
  StepDefinition,
  StepError,
  interpolateSetVariables,
  interpolateStep,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  RunArtifacts,
  StepContext,
  StepFailure,
  StepResult,
  StepRunner,
  StepType,
  UndoContext,
} from '@innominatus/backstage-plugin-innominatus-node';
import { bindStepRunner, PROGRAM_INTERRUPTED } from '../stepRunners';
import { StepTypeRegistry } from '../stepTypes/StepTypeRegistry';
import { isHandedOver } from './abort';
import { ClaimedRun } from './claims';
import { LazyLogger } from './LazyLogger';
import { Redactor } from './Redactor';
import { RunLog } from './RunLog';
import { RunSecrets } from './RunSecrets';
import { readStepConfig } from './stepConfig';
import { redactWait, toStepError, waitOf } from './stepErrors';
import { StepLog } from './StepLog';
import { collectOutputs, readOutputFile, StepOutputs } from './stepOutputs';
import { Workspaces } from './Workspaces';

/** What came of an attempt. */
export type StepOutcome =
  | (StepOutputs & {
      kind: 'succeeded';
      variables: Record<string, JsonValue>;
    })
  | { kind: 'failed'; error: StepError }
  /** Nothing to do until something happens outside. */
  | { kind: 'waits'; wait: OutsideWait }
  /** This worker has to stop; the next one finds out. */
  | { kind: 'handedOver' };

/** What all attempts of a run share while one worker owns it. */
export interface RunScope {
  run: ClaimedRun;
  redactor: Redactor;
  secrets: RunSecrets;
  runLog: RunLog;
  artifacts: RunArtifacts;
  /** The state now; steps beside this one may have ended meanwhile. */
  state: () => RunState;
  now: () => number;
}

export interface ExecuteStepOptions {
  scope: RunScope;
  definition: StepDefinition;
  attempt: number;
  key: string;
  resumed: boolean;
  signal: AbortSignal;
  /** Aborts when a step that was told to stop is not waited for any longer. */
  force?: AbortSignal;
}

export interface StepExecutorOptions {
  stepTypes: StepTypeRegistry;
  stepRunner: StepRunner;
  workspaces: Workspaces;
  logger: LoggerService;
  maxLogBytes: number;
  shutdownGraceMs: number;
}

/** Does the work of one attempt; never throws. */
export class StepExecutor {
  readonly #options: StepExecutorOptions;

  static create(options: StepExecutorOptions): StepExecutor {
    return new StepExecutor(options);
  }

  private constructor(options: StepExecutorOptions) {
    this.#options = options;
  }

  async execute(options: ExecuteStepOptions): Promise<StepOutcome> {
    const { scope, definition, attempt, signal } = options;
    const log = StepLog.create({
      step: definition.name,
      attempt,
      runLog: scope.runLog,
      redactor: scope.redactor,
      now: scope.now,
      maxBytes: this.#options.maxLogBytes,
    });
    try {
      return await this.#execute(options, log);
    } catch (error) {
      const wait = waitOf(error);
      if (wait) {
        return { kind: 'waits', wait: redactWait(wait, scope.redactor) };
      }
      if (isHandedOver(signal) && !isInterrupted(error)) {
        return { kind: 'handedOver' };
      }
      return { kind: 'failed', error: this.#record(options, log, error) };
    } finally {
      log.close();
      await scope.runLog.flush();
    }
  }

  async #execute(
    options: ExecuteStepOptions,
    log: StepLog,
  ): Promise<StepOutcome> {
    const { scope, definition, signal } = options;
    const stepType = this.#options.stepTypes.get(definition.type);
    if (!stepType) {
      throw new StepFailure(
        `Step type "${definition.type}" is not installed. Add the backend module that brings it, or change "type" of step "${definition.name}".`,
        { code: 'UNKNOWN_STEP_TYPE' },
      );
    }
    const { config, env, outputFile } = interpolateStep(
      scope.state(),
      definition,
    );
    await scope.secrets.learnFrom([config, env]);
    // Only the step knows what goes on outside because of it, and stops that.
    if (!options.resumed) {
      signal.throwIfAborted();
    }
    const context = this.#createContext(options, {
      log,
      env,
      config: readStepConfig(stepType, config),
    });
    const result =
      (await (definition.undo
        ? undoStep(stepType, { ...context, undone: definition.undo })
        : runStep(stepType, context))) ?? undefined;
    const filed =
      outputFile === undefined
        ? { outputs: {}, sensitive: [] }
        : await readOutputFile(await context.workspace(), outputFile);
    return this.#succeed(options, { log, result, filed });
  }

  async #succeed(
    options: ExecuteStepOptions,
    end: {
      log: StepLog;
      result: StepResult | undefined;
      filed: FiledOutputs;
    },
  ): Promise<StepOutcome> {
    const { scope, definition } = options;
    const collected = await collectOutputs({
      address: `run/${scope.run.lease.runId}/${definition.name}`,
      result: end.result,
      logged: end.log.outputs,
      filed: end.filed,
      secrets: scope.secrets,
    });
    await scope.secrets.learnFrom([
      collected.outputs,
      collected.resources ?? {},
    ]);
    const variables = interpolateSetVariables({
      state: scope.state(),
      step: definition,
      ...collected,
    });
    return { kind: 'succeeded', ...collected, variables };
  }

  #createContext(
    options: ExecuteStepOptions,
    ready: { log: StepLog; config: unknown; env: Record<string, string> },
  ): StepContext<any> {
    const { scope, definition, attempt, signal } = options;
    const { run, secrets, redactor } = scope;
    const { runId, fencingToken } = run.lease;
    const { log } = ready;
    const { logger } = this.#options;
    return {
      config: ready.config,
      env: ready.env,
      run: {
        id: runId,
        number: run.number,
        initiator: run.initiator,
        workflow: run.definition.name,
      },
      step: { name: definition.name, attempt },
      approval: approvalOf(scope.state(), definition),
      application: run.application,
      environment: run.input.environment,
      parameters: run.input.parameters,
      log: {
        info: line => log.write('info', line),
        warn: line => log.write('warn', line),
        error: line => log.write('error', line),
      },
      logger: LazyLogger.create(logger, { runId, step: definition.name }),
      signal,
      idempotencyKey: options.key,
      fencingToken,
      resumed: options.resumed,
      workspace: () => this.#options.workspaces.open(runId),
      artifacts: scope.artifacts,
      runner: bindStepRunner({
        runner: this.#options.stepRunner,
        key: options.key,
        workspace: () => this.#options.workspaces.open(runId),
        signal,
        force: options.force,
        timeoutMs: definition.timeoutMs,
        shutdownGraceMs: this.#options.shutdownGraceMs,
        onLine: line => log.writeOutput(line),
        flush: () => scope.runLog.flush(),
      }),
      keepSecret: (name, value) =>
        secrets.keepText(`run/${runId}/${definition.name}/kept/${name}`, value),
      resolveSecrets: value => secrets.resolve(value),
      resolveSecretText: text => secrets.resolveText(text),
      redact: value => redactor.add(value),
    };
  }

  #record(
    options: ExecuteStepOptions,
    log: StepLog,
    error: unknown,
  ): StepError {
    const { scope, definition, attempt, signal } = options;
    const redact = (text: string) => scope.redactor.redact(text);
    const cancelled = signal.aborted && !isHandedOver(signal);
    const recorded: StepError = cancelled
      ? {
          code: 'CANCELLED',
          message: redact((signal.reason as Error).message),
          transient: false,
        }
      : toStepError(error, redact);
    log.write(cancelled ? 'warn' : 'error', recorded.message);
    this.#options.logger.debug(
      `Step "${definition.name}" of run ${scope.run.number} failed: ${recorded.message}`,
      {
        runId: scope.run.lease.runId,
        step: definition.name,
        attempt,
        code: recorded.code,
      },
    );
    return recorded;
  }
}

/** The program is over; there is nothing that the next worker could find out. */
function isInterrupted(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === PROGRAM_INTERRUPTED;
}

/**
 * Lets the step run. A step that was told that its worker has to stop may
 * answer late; nobody waits for that.
 */
async function runStep(
  stepType: StepType,
  context: StepContext<any>,
): Promise<StepResult | void> {
  // A step type that throws before its first `await` must not be special.
  return (async () => stepType.run(context))();
}

/** A step with `forEach` is approved once, for all of its items. */
function approvalOf(
  { steps }: RunState,
  { name, item }: StepDefinition,
): StepApproval | undefined {
  return steps[name]?.approved ?? (item && steps[item.parent]?.approved);
}

async function undoStep(
  stepType: StepType,
  context: UndoContext<any>,
): Promise<StepResult | void> {
  if (!stepType.undo) {
    throw new StepFailure(
      `Steps of type "${stepType.name}" cannot be undone any more. Take back by hand what step "${context.step.name}" did.`,
      { code: 'UNDO_NOT_AVAILABLE' },
    );
  }
  return stepType.undo(context);
}
