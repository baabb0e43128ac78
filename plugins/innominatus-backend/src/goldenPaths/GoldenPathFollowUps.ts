import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  goldenPathReadPermission,
  goldenPathRunPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AccessControl } from '../access/types';
import { DefinitionRegistry } from '../definitions';
import { FollowUpQuestion, RunOrigin } from '../runs/followUps';
import { goldenPathSubject } from './goldenPathViews';

export interface GoldenPathFollowUpsOptions {
  registry: Pick<DefinitionRegistry, 'goldenPath'>;
  access: Pick<AccessControl, 'require'>;
}

/** Who retries or undoes the run of a golden path has to be allowed to run it. */
export class GoldenPathFollowUps implements RunOrigin {
  readonly #options: GoldenPathFollowUpsOptions;

  static create(options: GoldenPathFollowUpsOptions): GoldenPathFollowUps {
    return new GoldenPathFollowUps(options);
  }

  private constructor(options: GoldenPathFollowUpsOptions) {
    this.#options = options;
  }

  async requireStart(
    credentials: BackstageCredentials,
    { run }: FollowUpQuestion,
  ): Promise<void> {
    const { registry, access } = this.#options;
    // The golden path of a deployment comes with the permission to deploy.
    if (run.goldenPath === undefined || run.deployment) {
      return;
    }
    const goldenPath = registry.goldenPath(run.goldenPath);
    await access.require(credentials, {
      permission: goldenPathRunPermission,
      readPermission: goldenPathReadPermission,
      subject: goldenPath
        ? goldenPathSubject(goldenPath)
        : { goldenPath: run.goldenPath },
      name: `golden path "${run.goldenPath}"`,
    });
  }
}
