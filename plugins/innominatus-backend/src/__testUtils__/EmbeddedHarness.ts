import {
  CreateRuntimeTestHarness,
  RuntimeTestHarness,
  RuntimeTestRun,
  RuntimeTestSignal,
} from '@innominatus/backstage-plugin-innominatus-node/testUtils';
import {
  StepType,
  WorkflowRuntime,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import knexFactory, { Knex } from 'knex';
import { sendSignal } from '../engine';
import { createKillable } from './killable';
import { createTestEngine, TestEngine } from './TestEngine';

const LEASE_MS = 800;

interface Worker {
  engine: TestEngine;
  killable: ReturnType<typeof createKillable>;
  /** A pool of its own, as another process would have. */
  pool?: Knex;
  kill: () => void;
}

export interface EmbeddedHarnessOptions {
  knex: Knex;
  backends: number;
  /** Instead of the embedded runtime; `kill` ends what is not the database. */
  createRuntime?: (
    host: WorkflowRuntimeHost,
  ) => Promise<WorkflowRuntime & { kill?: () => void }>;
  /** Instead of the connections of the database. */
  restartServer?: () => Promise<void>;
  /** After all workers. */
  close?: () => Promise<void>;
}

/** A runtime, once or several times on one database. */
export class EmbeddedHarness implements RuntimeTestHarness {
  readonly #options: EmbeddedHarnessOptions & { stepTypes: StepType[] };
  readonly #gone: Worker[] = [];
  #workers: Worker[] = [];

  static factory(
    options: () => Promise<EmbeddedHarnessOptions>,
  ): CreateRuntimeTestHarness {
    return async ({ stepTypes }) => {
      const harness = new EmbeddedHarness({ ...(await options()), stepTypes });
      await harness.#startWorkers();
      return harness;
    };
  }

  private constructor(
    options: EmbeddedHarnessOptions & { stepTypes: StepType[] },
  ) {
    this.#options = options;
  }

  async start(run: RuntimeTestRun): Promise<{ id: string }> {
    // Whoever starts a run does not decide about its approvals.
    return await this.#anyEngine().start({
      initiator: 'user:default/john',
      ...run,
    });
  }

  async signal(runId: string, signal: RuntimeTestSignal): Promise<void> {
    if (await sendSignal(this.#options.knex, runId, signal)) {
      this.#anyEngine().changes.publish({ kind: 'work' });
    }
  }

  async view(runId: string) {
    return await this.#anyEngine().runs.get(runId);
  }

  async events(runId: string) {
    return await this.#anyEngine().events(runId);
  }

  async killWorkers(): Promise<void> {
    await this.#replaceWorkers(worker => worker.kill());
  }

  async stallWorkers(): Promise<{ resume(): Promise<void> }> {
    const stalled = this.#workers;
    await this.killWorkers();
    return {
      resume: async () => stalled.forEach(({ killable }) => killable.revive()),
    };
  }

  async stopWorkers(): Promise<void> {
    await this.#replaceWorkers(worker => worker.engine.runtime.stop());
  }

  async restartServer(): Promise<void> {
    if (this.#options.restartServer) {
      await this.#options.restartServer();
      return;
    }
    await this.#options.knex.raw(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await this.#emptyPool();
  }

  /** Until then the scenario itself may be handed a connection that is dead. */
  async #emptyPool(): Promise<void> {
    const { knex } = this.#options;
    const connections = knex.client.pool.max;
    for (let tries = 0; tries < 100; tries++) {
      const answers = await Promise.allSettled(
        Array.from({ length: connections }, () => knex.raw('select 1')),
      );
      if (answers.every(({ status }) => status === 'fulfilled')) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    const all = [...this.#gone, ...this.#workers];
    for (const { killable } of all) {
      killable.revive();
    }
    await Promise.all(
      all.map(async ({ engine, pool }) => {
        await engine.runtime.stop();
        await engine.notices.stop();
        await pool?.destroy();
      }),
    );
    await this.#options.close?.();
  }

  async #replaceWorkers(
    end: (worker: Worker) => Promise<void> | void,
  ): Promise<void> {
    await Promise.all(this.#workers.map(end));
    this.#gone.push(...this.#workers);
    await this.#startWorkers();
  }

  async #startWorkers(): Promise<void> {
    const { backends } = this.#options;
    this.#workers = await Promise.all(
      Array.from({ length: backends }, () => this.#startWorker()),
    );
  }

  async #startWorker(): Promise<Worker> {
    const { knex, backends, createRuntime, stepTypes } = this.#options;
    const pool = backends > 1 ? secondPool(knex) : undefined;
    const killable = createKillable(pool ?? knex);
    let killRuntime: (() => void) | undefined;
    const engine = await createTestEngine({
      knex,
      runtimeKnex: killable.knex,
      leaseMs: LEASE_MS,
      createRuntime:
        createRuntime &&
        (async host => {
          const runtime = await createRuntime(host);
          killRuntime = runtime.kill;
          return runtime;
        }),
      stepTypes,
    });
    if (backends > 1) {
      engine.notices.start();
    }
    await engine.runtime.start();
    const kill = () => {
      killable.kill();
      killRuntime?.();
    };
    return { engine, killable, pool, kill };
  }

  #anyEngine(): TestEngine {
    const { length } = this.#workers;
    return this.#workers[Math.floor(Math.random() * length)].engine;
  }
}

function secondPool(knex: Knex): Knex {
  const { client, connection, searchPath } = knex.client.config;
  return knexFactory({
    client,
    connection,
    searchPath,
    pool: { min: 0, max: 4 },
  });
}
