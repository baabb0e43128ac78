import {
  JsonObject,
  PlaceholderError,
  ProviderMatch,
  Workload,
  createPlaceholderResolver,
  substituteDeep,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { checkParameters } from '../definitions';
import { DeploymentRecord, WorkResource } from '../deployments/types';
import { referencesToMarkers } from '../engine/RunSecrets';
import { ResourceStore } from './types';

export interface ResolveParamsOptions {
  resource: WorkResource;
  deployment: DeploymentRecord;
  workload: Workload;
  match: ProviderMatch;
  store: ResourceStore;
}

/**
 * Fills the placeholders in the params with what the other resources gave, and
 * checks the result once more. Secrets stay markers.
 */
export async function resolveParams(
  options: ResolveParamsOptions,
): Promise<JsonObject> {
  const { resource, match } = options;
  const params = await fillPlaceholders(options);
  const schema = match.resourceType.parameters;
  const findings = schema ? checkParameters(schema, params) : [];
  if (findings.length > 0) {
    throw new StepFailure(
      `The params of "${resource.name}" are not right: ${findings.map(finding => finding.message).join(' ')}`,
      { code: 'PARAMS_INVALID' },
    );
  }
  return params;
}

async function fillPlaceholders(
  options: ResolveParamsOptions,
): Promise<JsonObject> {
  const { resource, workload } = options;
  const resources = await outputsByName(options);
  try {
    return substituteDeep(
      resource.params,
      createPlaceholderResolver({ metadata: workload.metadata, resources }),
    );
  } catch (error) {
    if (error instanceof PlaceholderError) {
      throw new StepFailure(
        `The params of "${resource.name}" cannot be filled: ${error.message}`,
        { code: 'PARAMS_INVALID', cause: error },
      );
    }
    throw error;
  }
}

async function outputsByName(
  options: ResolveParamsOptions,
): Promise<Record<string, JsonObject>> {
  const { resource, deployment, store } = options;
  const outputs: Array<[string, JsonObject]> = [];
  for (const name of resource.dependsOn) {
    const other = deployment.work.resources.find(item => item.name === name);
    const record =
      other &&
      (await store.findLiving({
        environment: deployment.environment,
        uid: other.uid,
      }));
    outputs.push([
      name,
      referencesToMarkers(record?.outputs ?? {}) as JsonObject,
    ]);
  }
  return Object.fromEntries(outputs);
}
