import { JsonObject } from '@innominatus/backstage-plugin-innominatus-common';
import { StepResult } from '@innominatus/backstage-plugin-innominatus-node';
import { describe, LiveObject } from '../cluster/ClusterClient';
import { readStepManifests } from './readStepManifests';
import { OperationContext } from './types';

/**
 * Reads the objects. Outputs: `objects`, one entry for each manifest with what
 * the cluster has, and `found`, whether all of them exist.
 */
export async function get(context: OperationContext): Promise<StepResult> {
  const { step, client, namespace } = context;
  const objects: JsonObject[] = [];
  let found = true;
  for (const reference of await readStepManifests(context)) {
    const live = await client.read(reference);
    found &&= live !== undefined;
    step.log.info(
      `${describe(reference)} ${live === undefined ? 'does not exist' : 'exists'}.`,
    );
    objects.push({
      kind: reference.kind,
      name: reference.metadata.name,
      found: live !== undefined,
      ...(live === undefined ? {} : visibleParts(live)),
    });
  }
  return { outputs: { namespace, found, objects } };
}

/** What is safe and useful to show: never the content of a Secret. */
function visibleParts(live: LiveObject): JsonObject {
  const { spec, status, data, metadata, kind } = live;
  const { labels, annotations } = metadata;
  return Object.fromEntries(
    Object.entries({
      labels,
      annotations: withoutCopies(annotations),
      spec,
      status,
      data: kind === 'ConfigMap' ? data : undefined,
    }).filter(entry => entry[1] !== undefined),
  ) as JsonObject;
}

/** kubectl keeps a copy of the manifest here, of Secrets too. */
function withoutCopies(
  annotations: Record<string, string> | undefined,
): Record<string, string> | undefined {
  return (
    annotations &&
    Object.fromEntries(
      Object.entries(annotations).filter(
        ([name]) => name !== 'kubectl.kubernetes.io/last-applied-configuration',
      ),
    )
  );
}
