import {
  JsonObject,
  JsonValue,
  KubernetesObject,
  canonicalJson,
  sortManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  InspectContext,
  InspectedManifest,
} from '@innominatus/backstage-plugin-innominatus-node';
import { ClusterClient } from '../cluster/ClusterClient';
import { KubernetesStepConfig } from '../schema';
import { readStepManifests, resolveManifestSecrets } from './readStepManifests';

const RECORDED = '•••• (as recorded)';
const CHANGED = '•••• (another value)';

/** What the server keeps about an object, which nobody applies. */
const SERVER_METADATA = [
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];
const COPY = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Compares what was applied with what the cluster has.
 *
 * The server itself says what applying once more would lead to, by a dry run;
 * so its defaults and its spelling of values are on both sides, and only what
 * would change shows. Fields that others added are theirs, and no drift.
 */
export async function inspect(context: {
  step: InspectContext<KubernetesStepConfig>;
  client: ClusterClient;
  namespace: string;
}): Promise<InspectedManifest[]> {
  const { step, client } = context;
  const different: InspectedManifest[] = [];
  for (const manifest of sortManifests(await readStepManifests(context))) {
    const live = (await client.knows(manifest))
      ? await client.read(manifest)
      : undefined;
    if (live === undefined) {
      different.push({ recorded: withoutValues(manifest) });
      continue;
    }
    const complete = await resolveManifestSecrets(manifest, step);
    const { object } = await client.apply(complete, {
      force: true,
      dryRun: true,
    });
    const [recorded, found] = masked(clean(object), clean(live));
    if (canonicalJson(recorded) !== canonicalJson(found)) {
      different.push({ recorded, found });
    }
  }
  return different;
}

/** The part of an object that somebody wrote. */
export function clean(object: KubernetesObject): KubernetesObject {
  const { status, metadata, ...rest } = object;
  const { annotations, ...other } = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !SERVER_METADATA.includes(key)),
  ) as JsonObject;
  const shown = Object.entries((annotations ?? {}) as JsonObject).filter(
    ([name]) => name !== COPY,
  );
  return {
    ...rest,
    metadata: {
      ...other,
      ...(shown.length > 0 ? { annotations: Object.fromEntries(shown) } : {}),
    },
  } as KubernetesObject;
}

/** Of a Secret only the names are shown, and whose values are not the same. */
function masked(
  recorded: KubernetesObject,
  found: KubernetesObject,
): [KubernetesObject, KubernetesObject] {
  if (recorded.kind !== 'Secret') {
    return [recorded, found];
  }
  const before = (recorded.data ?? {}) as JsonObject;
  const after = (found.data ?? {}) as JsonObject;
  return [
    { ...recorded, data: mapValues(before, () => RECORDED) },
    {
      ...found,
      data: mapValues(after, (value, key) =>
        before[key] === value ? RECORDED : CHANGED,
      ),
    },
  ];
}

function withoutValues(manifest: KubernetesObject): KubernetesObject {
  if (manifest.kind !== 'Secret') {
    return manifest;
  }
  const { data, stringData, ...rest } = manifest;
  const keys = { ...(data as JsonObject), ...(stringData as JsonObject) };
  return { ...rest, data: mapValues(keys, () => RECORDED) } as KubernetesObject;
}

function mapValues(
  object: JsonObject,
  change: (value: JsonValue, key: string) => JsonValue,
): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(value, key)]),
  );
}
