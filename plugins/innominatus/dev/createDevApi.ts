import {
  InnominatusApiError,
  Run,
  RunLogLine,
  RunSummary,
  StreamEvent,
} from '@innominatus/backstage-plugin-innominatus-common';
import { InnominatusApi } from '../src';
import {
  aLogLine,
  aPlan,
  aRun,
  aStep,
  fakeApi,
  pageOf,
} from '../src/__testUtils__';
import {
  applications,
  deployments,
  environments,
  goldenPaths,
  runs,
} from './data';

const TICK_MS = 2000;

/** A backend in memory: what is deployed here runs for a few seconds. */
export function createDevApi(): InnominatusApi {
  const known = [...runs];
  const logs = new Map<string, RunLogLine[]>();
  for (const run of known) {
    logs.set(run.id, linesOf(run));
  }

  const find = (id: string): Run => {
    const run = known.find(
      candidate => candidate.id === id || String(candidate.number) === id,
    );
    if (!run) {
      throw notFound(`There is no run "${id}".`);
    }
    return run;
  };

  return fakeApi({
    listEnvironments: async () => pageOf(environments),
    listApplications: async () => pageOf(applications),
    listDeployments: async () => pageOf(deployments),
    listGoldenPaths: async () => pageOf(goldenPaths),
    listRuns: async options => {
      const matching = known.filter(
        run =>
          (!options?.status?.length || options.status.includes(run.status)) &&
          (!options?.parentRun ||
            (run.parentRun && options.parentRun.includes(run.parentRun.id))),
      );
      return pageOf<RunSummary>(
        [...matching].sort((a, b) => b.number - a.number),
      );
    },
    getRun: async id => structuredClone(find(id)),
    getRunStep: async (id, name) => {
      const step = find(id).steps.find(each => each.name === name)!;
      return {
        ...step,
        attempts: Array.from({ length: step.attempt }, (_, index) => ({
          attempt: index + 1,
          status:
            index + 1 === step.attempt && step.status === 'succeeded'
              ? ('succeeded' as const)
              : ('failed' as const),
          startedAt: step.startedAt ?? new Date().toISOString(),
          error: step.error,
        })),
      };
    },
    followRun: (id, call) => followRun(find(id), call?.signal),
    followRunLogs: (id, options) =>
      followLogs(find(id), logs.get(find(id).id) ?? [], options),
    cancelRun: async id => {
      const run = find(id);
      run.status = 'cancelled';
      run.endedAt = new Date().toISOString();
      run.version += 1;
    },
    pauseRun: async id => {
      const run = find(id);
      run.status = 'waiting';
      run.waiting = { kind: 'paused', message: 'You paused the run.' };
      run.version += 1;
    },
    resumeRun: async id => {
      const run = find(id);
      run.status = 'running';
      run.waiting = undefined;
      run.version += 1;
    },
    plan: async application => aPlan({ ...application }),
    getPlan: async () => aPlan(),
    getApplication: async () => ({
      ...applications[0],
      resources: [],
    }),
    deploy: async application => {
      const run = startRun(known.length, application);
      known.push(run);
      logs.set(run.id, []);
      advance(run, logs.get(run.id) ?? []);
      return {
        ...deployments[0],
        ...application,
        number: 42,
        runId: run.id,
        runNumber: run.number,
        status: 'running',
      };
    },
  });
}

function startRun(
  position: number,
  application: { environment: string; name: string },
): Run {
  const now = new Date().toISOString();
  const pending = {
    status: 'pending',
    attempt: 0,
    startedAt: undefined,
    endedAt: undefined,
  } as const;
  return aRun({
    id: `run-${position + 1}`,
    number: 1042 + position,
    status: 'running',
    application,
    createdAt: now,
    startedAt: now,
    endedAt: undefined,
    stepsDone: 0,
    stepsTotal: 3,
    steps: [
      aStep({ name: 'provision-db', title: 'Provision db', ...pending }),
      aStep({ stage: 1, dependsOn: ['provision-db'], ...pending }),
      aStep({
        name: 'simulate',
        title: 'Simulate the rollout',
        type: 'simulate',
        stage: 2,
        dependsOn: ['render'],
        ...pending,
      }),
    ],
  });
}

/** Ends the running step, starts the next, and writes a line for each. */
function advance(run: Run, lines: RunLogLine[]): void {
  const timer = setInterval(() => {
    const now = new Date().toISOString();
    const running = run.steps.find(step => step.status === 'running');
    if (running) {
      running.status = 'succeeded';
      running.endedAt = now;
      run.stepsDone += 1;
      write(
        lines,
        running.name,
        `\u001b[32mDone\u001b[0m with ${running.title}`,
      );
    }
    const next = run.steps.find(step => step.status === 'pending');
    if (next && run.status === 'running') {
      next.status = 'running';
      next.attempt = 1;
      next.startedAt = now;
      write(lines, next.name, `Starting ${next.title}`);
    } else {
      run.status = run.status === 'running' ? 'succeeded' : run.status;
      run.endedAt ??= now;
      clearInterval(timer);
    }
    run.version += 1;
  }, TICK_MS);
}

function write(lines: RunLogLine[], step: string, text: string): void {
  lines.push(
    aLogLine({
      seq: lines.length + 1,
      step,
      text,
      time: new Date().toISOString(),
    }),
  );
}

function linesOf(run: Run): RunLogLine[] {
  const lines: RunLogLine[] = [];
  for (const step of run.steps.filter(candidate => candidate.startedAt)) {
    write(lines, step.name, `Starting ${step.title}`);
    for (let line = 1; line <= 30; line++) {
      write(lines, step.name, `${step.type}: object ${line} of 30 is ready`);
    }
    if (step.error) {
      write(lines, step.name, step.error.message);
      lines[lines.length - 1].level = 'error';
    }
  }
  return lines;
}

async function* followRun(
  run: Run,
  signal?: AbortSignal,
): AsyncGenerator<StreamEvent<RunSummary>> {
  for (let version = -1; !signal?.aborted; await wait()) {
    if (run.version !== version) {
      version = run.version;
      yield { event: 'run', data: structuredClone(run) };
    }
    if (run.endedAt) {
      return;
    }
  }
}

async function* followLogs(
  run: Run,
  lines: RunLogLine[],
  options?: { step?: string; after?: number; signal?: AbortSignal },
): AsyncGenerator<StreamEvent<RunLogLine>> {
  for (let index = 0; !options?.signal?.aborted; await wait()) {
    for (; index < lines.length; index++) {
      const data = lines[index];
      if (!options?.step || options.step === data.step) {
        yield { id: String(data.seq), event: 'log', data };
      }
    }
    if (run.endedAt) {
      return;
    }
  }
}

function wait(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 300));
}

function notFound(detail: string): Error {
  return Object.assign(new Error(detail), {
    name: InnominatusApiError.name,
    status: 404,
    code: 'NOT_FOUND',
  });
}
