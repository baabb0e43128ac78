import { LoggerService } from '@backstage/backend-plugin-api';
import {
  RunCommand,
  RunEvent,
  RunState,
  StepDefinition,
  attemptKey,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { RunChanges } from '../engine';
import { AbortCause } from '../engine/abort';
import { ClaimedRun } from '../engine/claims';
import { createScope } from '../engine/createRunWorker';
import { DatabaseArtifacts } from '../engine/DatabaseArtifacts';
import { RunLog } from '../engine/RunLog';
import { RunningSteps, RunningStepsOptions } from '../engine/RunningSteps';
import { SecretStore } from '../secrets/types';
import { ClaimedLogStore } from './ClaimedLogStore';
import { holdsClaim, StepClaim, StepOutcomeEvent } from './stepClaims';

export interface ClaimedStepOptions extends Pick<
  RunningStepsOptions,
  'executor' | 'interruptAction' | 'stopGraceMs'
> {
  knex: Knex;
  secrets: SecretStore;
  changes: RunChanges;
  logger: LoggerService;
  claim: StepClaim;
  run: ClaimedRun;
  definition: StepDefinition;
  resumed: boolean;
  /** The newest state that is known. */
  state: () => RunState;
  now: () => number;
}

/** An attempt that this process carries out. */
export class ClaimedStep {
  readonly claim: StepClaim;
  readonly definition: StepDefinition;
  /** What came of it; nothing when this process had to stop. */
  readonly outcome: Promise<StepOutcomeEvent | undefined>;
  readonly #steps: RunningSteps;

  static async start(options: ClaimedStepOptions): Promise<ClaimedStep> {
    const { claim, changes, definition, knex, run } = options;
    const { runId } = claim;
    // What a target gets is the token of the attempt, not that of the run.
    const lease = {
      runId,
      owner: claim.owner,
      fencingToken: claim.fencingToken,
    };
    const logStore = ClaimedLogStore.create(knex, claim);
    const scope = await createScope(
      {
        run: { ...run, lease },
        state: options.state,
        recorded: options.state(),
        artifacts: DatabaseArtifacts.create(
          knex,
          lease,
          async trx => (await holdsClaim(trx, claim)) !== undefined,
        ),
        runLog: RunLog.create({
          lease,
          lastSeq: 0,
          store: logStore,
          onWritten: () => changes.publish({ kind: 'log', runId }),
        }),
      },
      { ...options, logStore },
    );
    let report: (event: RunEvent | undefined) => void = () => {};
    const over = new Promise<RunEvent | undefined>(resolve => {
      report = resolve;
    });
    const steps = RunningSteps.create({
      ...options,
      scope,
      onOver: event => report(event),
    });
    steps.start({
      definition,
      attempt: claim.attempt,
      key: attemptKey(options.state(), claim.step, claim.attempt),
      resumed: options.resumed,
    });
    return new ClaimedStep(
      options,
      steps,
      over as Promise<StepOutcomeEvent | undefined>,
    );
  }

  private constructor(
    { claim, definition }: ClaimedStepOptions,
    steps: RunningSteps,
    outcome: Promise<StepOutcomeEvent | undefined>,
  ) {
    this.claim = claim;
    this.definition = definition;
    this.#steps = steps;
    this.outcome = outcome.finally(() => steps.close());
  }

  cancel(command: Extract<RunCommand, { type: 'CancelStep' }>): void {
    this.#steps.cancel(command);
  }

  abortResumable(): void {
    this.#steps.abortResumable();
  }

  abort(cause: AbortCause, message: string): void {
    this.#steps.abortAll(cause, message);
  }
}
