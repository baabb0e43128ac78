import { APIRequestContext, expect } from '@playwright/test';

const BASE = '/api/innominatus/v1';

/** The API as the guest calls it, for what a test needs to be there. */
export class Api {
  readonly #request: APIRequestContext;
  readonly #headers: Record<string, string>;

  static async signIn(request: APIRequestContext): Promise<Api> {
    const answer = await request.post('/api/auth/guest/refresh', {
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
    });
    const { backstageIdentity } = await answer.json();
    return new Api(request, {
      Authorization: `Bearer ${backstageIdentity.token}`,
    });
  }

  private constructor(
    request: APIRequestContext,
    headers: Record<string, string>,
  ) {
    this.#request = request;
    this.#headers = headers;
  }

  /** Of what is there, or with `data` of what is made by it. */
  async call<T>(path: string, data?: object): Promise<T> {
    const answer = await (data === undefined
      ? this.#request.get(`${BASE}${path}`, { headers: this.#headers })
      : this.#request.post(`${BASE}${path}`, { headers: this.#headers, data }));
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  }

  async removeEnvironment(name: string): Promise<void> {
    const answer = await this.#request.delete(`${BASE}/environments/${name}`, {
      headers: { ...this.#headers, 'If-Match': '*' },
    });
    expect(answer.status()).toBe(202);
  }

  /** Deploys a Score file and waits until its run has ended; answers the run. */
  async deploy(
    environment: string,
    score: { metadata: { name: string } },
  ): Promise<string> {
    const { name } = score.metadata;
    const { runId } = await this.call<{ runId: string }>(
      `/applications/${environment}/${name}/deployments`,
      { action: 'deploy', score: JSON.stringify(score) },
    );
    await expect
      .poll(
        async () =>
          (await this.call<{ status: string }>(`/runs/${runId}`)).status,
        {
          timeout: 60_000,
        },
      )
      .toMatch(/succeeded|failed/);
    return runId;
  }
}
