import {
  RunProgress,
  RuntimeHealth,
  WorkflowRuntime,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';

/**
 * The smallest runtime there can be: runs live in the memory of the process.
 * Shows what the host does when a runtime calls it, without any server.
 */
export class LocalRuntime implements WorkflowRuntime {
  readonly #host: WorkflowRuntimeHost;
  readonly #runs = new Map<string, Promise<void>>();
  readonly #wake = new Map<string, () => void>();
  #stopped = false;

  static create(host: WorkflowRuntimeHost): LocalRuntime {
    return new LocalRuntime(host);
  }

  private constructor(host: WorkflowRuntimeHost) {
    this.#host = host;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake.forEach(wake => wake());
    await this.#host.drain();
    await Promise.all(this.#runs.values());
  }

  async submit(runId: string): Promise<void> {
    if (!this.#runs.has(runId)) {
      this.#runs.set(
        runId,
        this.#work(runId).finally(() => this.#runs.delete(runId)),
      );
    }
  }

  async notify(runId: string): Promise<void> {
    this.#wake.get(runId)?.();
  }

  async health(): Promise<RuntimeHealth> {
    return { ok: true };
  }

  async #work(runId: string): Promise<void> {
    let after = 0;
    while (!this.#stopped) {
      const woken = new Promise<void>(resolve =>
        this.#wake.set(runId, resolve),
      );
      let progress: RunProgress;
      try {
        progress = await this.#host.advance({ runId, after });
      } catch (error) {
        this.#host.logger.warn(`Again: ${(error as Error).message}`);
        await new Promise(resolve => setTimeout(resolve, 50));
        continue;
      }
      if (progress.ended) {
        return;
      }
      after = progress.seq;
      for (const assignment of progress.started) {
        this.#execute(assignment).finally(() => this.#wake.get(runId)?.());
      }
      let timer: NodeJS.Timeout | undefined;
      const due = new Promise<void>(resolve => {
        timer = setTimeout(resolve, Math.min(progress.wake?.inMs ?? 2e9, 2e9));
      });
      await Promise.race([woken, due]);
      clearTimeout(timer);
    }
  }

  async #execute(
    assignment: Parameters<WorkflowRuntimeHost['executeStep']>[0],
  ): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#host.executeStep(assignment);
        return;
      } catch (error) {
        this.#host.logger.warn(`Again: ${(error as Error).message}`);
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  }
}
