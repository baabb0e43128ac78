import {
  LoadedGoldenPath,
  PlanWarning,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DEFAULT_GOLDEN_PATHS } from './prepareRun';
import { PlanDeploymentRequest } from './request';
import { DeploymentRecord, DeploymentSettings } from './types';

/** What a deployment was asked to do with the Score spec. */
export function settingsOf(deployment: DeploymentRecord): DeploymentSettings {
  const { goldenPath, request } = deployment;
  return {
    // The usual ones come with the permission to deploy.
    goldenPath: DEFAULT_GOLDEN_PATHS.includes(goldenPath)
      ? undefined
      : goldenPath,
    parameters: request?.parameters,
  };
}

export interface InheritSettingsOptions {
  request: PlanDeploymentRequest;
  /** How it was deployed before, if that counts. */
  settings: DeploymentSettings | undefined;
  goldenPath(name: string): LoadedGoldenPath | undefined;
}

/**
 * What the past has to say to a request. What the request says itself comes
 * first; who names another golden path begins anew. A deployment goes on with
 * the usual golden path when its own is gone, and says so.
 */
export function inheritSettings(options: InheritSettingsOptions): {
  request: PlanDeploymentRequest;
  warnings: PlanWarning[];
} {
  const { request, settings } = options;
  if (
    !settings ||
    (request.goldenPath !== undefined &&
      request.goldenPath !== settings.goldenPath)
  ) {
    return { request, warnings: [] };
  }
  const { goldenPath } = settings;
  if (request.action !== 'deploy') {
    return {
      request: {
        ...request,
        goldenPath,
        parameters: request.parameters ?? settings.parameters,
      },
      warnings: [],
    };
  }
  const found = options.goldenPath(goldenPath ?? DEFAULT_GOLDEN_PATHS[0]);
  if (!found) {
    return {
      request,
      warnings:
        goldenPath === undefined
          ? []
          : [
              {
                code: 'GOLDEN_PATH_GONE',
                message: `The golden path "${goldenPath}", which it was deployed with before, does not exist any more. The usual one is used, without its parameters.`,
              },
            ],
    };
  }
  const known = new Set(found.parameters.map(({ name }) => name));
  const entries = Object.entries(settings.parameters ?? {});
  const lost = entries.map(([name]) => name).filter(name => !known.has(name));
  return {
    request: {
      ...request,
      goldenPath,
      parameters: {
        ...Object.fromEntries(entries.filter(([name]) => known.has(name))),
        ...request.parameters,
      },
    },
    warnings: lost.map(name => ({
      code: 'PARAMETER_GONE',
      message: `The golden path "${found.metadata.name}" has no parameter "${name}" any more, which it was deployed with before. It is left out.`,
    })),
  };
}
