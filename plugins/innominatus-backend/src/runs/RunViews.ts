import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  AllowedAction,
  JsonValue,
  Run,
  RunStep,
  RunSummary,
  SECRET_TOKEN_PATTERN,
  runControlPermission,
  runReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl } from '../access/types';
import { ApprovalViews } from '../approvals/ApprovalViews';
import { RunIdentity, RunStore } from './RunStore';
import { RunService } from './types';

/** What callers get to see of runs: only what they may read, secrets masked. */
export class RunViews {
  readonly #runs: RunService;
  readonly #store: RunStore;
  readonly #access: AccessControl;
  readonly #approvals: Pick<ApprovalViews, 'addToRun'>;

  static create(options: {
    runs: RunService;
    store: RunStore;
    access: AccessControl;
    approvals: Pick<ApprovalViews, 'addToRun'>;
  }): RunViews {
    return new RunViews(options);
  }

  private constructor(options: {
    runs: RunService;
    store: RunStore;
    access: AccessControl;
    approvals: Pick<ApprovalViews, 'addToRun'>;
  }) {
    this.#runs = options.runs;
    this.#store = options.store;
    this.#access = options.access;
    this.#approvals = options.approvals;
  }

  /** Throws `NotFoundError` also when the caller may not read the run. */
  async requireRead(
    credentials: BackstageCredentials,
    idOrNumber: string,
  ): Promise<RunIdentity> {
    const run = await this.#identify(idOrNumber);
    await this.#access.require(credentials, {
      permission: runReadPermission,
      subject: run.subject,
      name: `run "${idOrNumber}"`,
    });
    return run;
  }

  /** Throws `NotAllowedError` when the caller may read but not control it. */
  async requireControl(
    credentials: BackstageCredentials,
    idOrNumber: string,
  ): Promise<RunIdentity> {
    const run = await this.#identify(idOrNumber);
    await this.#access.require(credentials, {
      permission: runControlPermission,
      readPermission: runReadPermission,
      subject: run.subject,
      name: `run "${idOrNumber}"`,
    });
    return run;
  }

  async get(
    credentials: BackstageCredentials,
    idOrNumber: string,
  ): Promise<Run> {
    const { id } = await this.requireRead(credentials, idOrNumber);
    const run = await this.#runs.get(id);
    const [seen] = await this.toSeen(credentials, [run]);
    return maskMarkers(await this.#approvals.addToRun(credentials, seen));
  }

  async getSummary(
    credentials: BackstageCredentials,
    id: string,
  ): Promise<RunSummary> {
    const run = await this.#store.getSummary(id);
    if (!run) {
      throw new NotFoundError(`There is no run "${id}"`);
    }
    const [seen] = await this.toSeen(credentials, [run]);
    return seen;
  }

  /** Adds what the caller may do, with one question for all runs. */
  async toSeen<T extends RunSummary>(
    credentials: BackstageCredentials,
    runs: T[],
  ): Promise<T[]> {
    const open = runs.filter(run =>
      Object.values(run.allowedActions).some(action => action.allowed),
    );
    if (open.length === 0) {
      return runs;
    }
    const subjects = await this.#store.subjects(open.map(run => run.id));
    const answers = await this.#access.check(
      credentials,
      open.map(run => ({
        permission: runControlPermission,
        subject: subjects.get(run.id) ?? {},
      })),
    );
    const byId = new Map(open.map((run, i) => [run.id, answers[i]]));
    return runs.map(run => {
      const answer = byId.get(run.id);
      return answer && !answer.allowed
        ? {
            ...run,
            allowedActions: denyAll(run.allowedActions, answer),
          }
        : run;
    });
  }

  async #identify(idOrNumber: string): Promise<RunIdentity> {
    const run = await this.#store.identify(idOrNumber);
    if (!run) {
      throw new NotFoundError(`There is no run "${idOrNumber}"`);
    }
    return run;
  }
}

/** What the state of the run forbids keeps its own reason. */
function denyAll(
  actions: RunSummary['allowedActions'],
  answer: AllowedAction,
): RunSummary['allowedActions'] {
  const deny = (action: AllowedAction) => (action.allowed ? answer : action);
  return {
    cancel: deny(actions.cancel),
    pause: deny(actions.pause),
    resume: deny(actions.resume),
    retry: deny(actions.retry),
    undo: deny(actions.undo),
  };
}

/** Markers stand for secrets inside of text; readers need not see them. */
function maskMarkers(run: Run): Run {
  return {
    ...run,
    parameters: mask(run.parameters) as Run['parameters'],
    outputs: mask(run.outputs) as Run['outputs'],
    steps: run.steps.map(step => ({
      ...step,
      // The steps of an undo have the values that were filled in.
      config: mask(step.config) as RunStep['config'],
      outputs: mask(step.outputs) as Run['outputs'],
    })),
  };
}

function mask(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return value.replace(SECRET_TOKEN_PATTERN, '••••');
  }
  if (Array.isArray(value)) {
    return value.map(mask);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, mask(child)]),
    );
  }
  return value;
}
