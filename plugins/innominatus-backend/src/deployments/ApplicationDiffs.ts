import {
  ApplicationDiff,
  PlanAction,
  Workload,
  compareValues,
  diffManifests,
  readScore,
  unifiedDiff,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ApplicationRecord, ApplicationStore } from '../applications/types';
import { DefinitionRegistry } from '../definitions';
import { requireEnvironment } from '../environments/environmentOf';
import { ResourceStore } from '../resources/types';
import { renderManifests } from './renderManifests';
import { storedResources } from './storedResources';

export interface ApplicationDiffsOptions {
  applications: ApplicationStore;
  resources: ResourceStore;
  registry: DefinitionRegistry;
}

/** What is deployed of one application, compared with another one. */
export class ApplicationDiffs {
  readonly #options: ApplicationDiffsOptions;

  static create(options: ApplicationDiffsOptions): ApplicationDiffs {
    return new ApplicationDiffs(options);
  }

  private constructor(options: ApplicationDiffsOptions) {
    this.#options = options;
  }

  /** From the first to the second. Neither is changed. */
  async compare(
    from: ApplicationRecord,
    to: ApplicationRecord,
  ): Promise<ApplicationDiff> {
    const [before, after] = [await this.#side(from), await this.#side(to)];
    return {
      from: before.place,
      to: after.place,
      score: unifiedDiff(before.score, after.score),
      resources: compareResources(before.workload, after.workload),
      manifests: diffManifests(before.manifests, after.manifests).map(
        ({ before: old = '', after: now = '', ...manifest }) =>
          manifest.action === 'keep'
            ? manifest
            : { ...manifest, diff: unifiedDiff(old, now) },
      ),
    };
  }

  async #side(application: ApplicationRecord) {
    const { applications, resources, registry } = this.#options;
    const { environment: name, revision: number, version } = application;
    const place = {
      environment: name,
      name: application.name,
      revision: number,
      version,
    };
    const revision =
      number === undefined
        ? undefined
        : await applications.revision({
            applicationId: application.id,
            number,
          });
    const workload = revision && readScore(revision.score).workload;
    if (!workload) {
      return { place, score: '', workload: undefined, manifests: [] };
    }
    const environment = await requireEnvironment(registry, application);
    const { manifests } = renderManifests({
      workload,
      environment,
      resources: await storedResources(workload, {
        environment,
        store: resources,
        registry,
      }),
    });
    return { place, score: revision.score, workload, manifests };
  }
}

function compareResources(
  before: Workload | undefined,
  after: Workload | undefined,
): ApplicationDiff['resources'] {
  const old = before?.resources ?? {};
  const now = after?.resources ?? {};
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .sort()
    .map(name => {
      const type = (Object.hasOwn(now, name) ? now : old)[name].type;
      const changes = compareValues(
        Object.hasOwn(old, name) ? old[name].params : {},
        Object.hasOwn(now, name) ? now[name].params : {},
      );
      return { name, type, action: actionOf(), changes };

      function actionOf(): PlanAction {
        if (!Object.hasOwn(old, name)) {
          return 'create';
        }
        if (!Object.hasOwn(now, name)) {
          return 'delete';
        }
        return changes.length > 0 || old[name].type !== now[name].type
          ? 'update'
          : 'keep';
      }
    });
}
