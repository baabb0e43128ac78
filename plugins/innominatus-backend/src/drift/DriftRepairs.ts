import { ApplicationRecord } from '../applications/types';
import { ProblemError } from '../http/ProblemError';
import { ResourceStore } from '../resources/types';
import { DriftToRepair, ManifestDriftStore } from './types';

/** Says what a deployment of the action `repair` has to bring back. */
export class DriftRepairs {
  readonly #resources: Pick<ResourceStore, 'listUsedBy'>;
  readonly #manifests: Pick<ManifestDriftStore, 'get'>;

  static create(options: {
    resources: Pick<ResourceStore, 'listUsedBy'>;
    manifests: Pick<ManifestDriftStore, 'get'>;
  }): DriftRepairs {
    return new DriftRepairs(options);
  }

  private constructor(options: {
    resources: Pick<ResourceStore, 'listUsedBy'>;
    manifests: Pick<ManifestDriftStore, 'get'>;
  }) {
    this.#resources = options.resources;
    this.#manifests = options.manifests;
  }

  /**
   * By the last look. Throws when somebody names a resource that has not
   * drifted: it would be worked on for nothing.
   */
  async find(
    application: Pick<ApplicationRecord, 'id' | 'environment' | 'name'>,
    options: { resources?: string[] },
  ): Promise<DriftToRepair> {
    const { id, environment, name } = application;
    const records = await this.#resources.listUsedBy({
      environment,
      workload: name,
    });
    const drifted = records.filter(
      ({ drift }) => drift?.status === 'drifted' || drift?.status === 'missing',
    );
    const sound = options.resources?.find(
      wanted => !drifted.some(record => record.name === wanted),
    );
    if (sound !== undefined) {
      throw new ProblemError({
        status: 409,
        code: 'NOT_DRIFTED',
        message: `The resource "${sound}" of "${environment}/${name}" has not drifted, by the last look. Look again: innominatus apps drift ${environment}/${name} --check`,
      });
    }
    const manifests = await this.#manifests.get(id);
    return {
      resources: new Map(
        drifted
          .filter(record => options.resources?.includes(record.name) !== false)
          .flatMap(({ uid, drift }) => (drift ? [[uid, drift] as const] : [])),
      ),
      manifests: manifests?.status === 'none' ? [] : (manifests?.objects ?? []),
    };
  }
}
