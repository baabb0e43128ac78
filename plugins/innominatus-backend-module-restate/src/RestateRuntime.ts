import {
  RuntimeHealth,
  WorkflowRuntime,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import { connect, Ingress } from '@restatedev/restate-sdk-clients';
import { Endpoint } from './Endpoint';
import { askRestate } from './askRestate';
import { RestateOptions } from './readRestateConfig';
import { Registration } from './Registration';
import { createServices, RestateServices } from './services';

/**
 * {@link WorkflowRuntime} on Restate.
 *
 * Restate calls this backend, and any other that is reachable under the same
 * address. Nothing is lost when either side is away: Restate calls again, and
 * the backend hands runs over again.
 */
export class RestateRuntime implements WorkflowRuntime {
  readonly #options: RestateOptions;
  readonly #host: WorkflowRuntimeHost;
  readonly #services: RestateServices;
  readonly #endpoint: Endpoint;
  readonly #ingress: Ingress;
  #registration: Registration | undefined;

  static create(
    options: RestateOptions,
    host: WorkflowRuntimeHost,
  ): RestateRuntime {
    return new RestateRuntime(options, host);
  }

  private constructor(options: RestateOptions, host: WorkflowRuntimeHost) {
    this.#options = options;
    this.#host = host;
    this.#services = createServices({ prefix: options.servicePrefix, host });
    this.#endpoint = Endpoint.create({
      listen: options.listen,
      identityKeys: options.identityKeys,
      services: Object.values(this.#services),
      logger: host.logger,
    });
    this.#ingress = connect({
      url: options.ingressUrl,
      headers: options.token
        ? { authorization: `Bearer ${options.token}` }
        : undefined,
      fetch: (input, init) =>
        fetch(input, {
          ...init,
          signal: AbortSignal.timeout(options.timeoutMs),
        }),
    });
  }

  async start(): Promise<void> {
    const { adminUrl, advertisedUrl, token } = this.#options;
    const url = await this.#endpoint.start();
    this.#registration = adminUrl
      ? await Registration.start({
          adminUrl,
          token,
          url: advertisedUrl ?? url,
          logger: this.#host.logger,
        })
      : undefined;
  }

  async stop(): Promise<void> {
    await this.#registration?.stop();
    await this.#host.drain();
    await this.#endpoint.stop();
  }

  async submit(runId: string): Promise<void> {
    await this.#ingress
      .workflowClient(this.#services.run, runId)
      .workflowSubmit();
  }

  async notify(runId: string): Promise<void> {
    const waitsAt = await this.#host.waitsAt(runId);
    if (waitsAt !== undefined) {
      await this.#ingress
        .workflowClient(this.#services.run, runId)
        .wake(waitsAt);
    }
  }

  async health(): Promise<RuntimeHealth> {
    const problem = this.#registration?.problem;
    if (problem) {
      return { ok: false, message: problem };
    }
    const { ingressUrl, token } = this.#options;
    try {
      await askRestate(`${ingressUrl}/restate/health`, { token });
      return { ok: true };
    } catch (error) {
      return { ok: false, message: (error as Error).message };
    }
  }
}
