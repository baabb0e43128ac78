import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ClusterClient } from '../cluster/ClusterClient';
import { StepLog } from './types';

/** Makes the namespace unless it exists. Answers whether it was made. */
export async function ensureNamespace(
  client: ClusterClient,
  name: string,
  log: StepLog,
): Promise<boolean> {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { 'app.kubernetes.io/managed-by': 'innominatus' },
    },
  };
  try {
    if ((await client.read(namespace)) !== undefined) {
      return false;
    }
    await client.create(namespace);
    log.info(`Created namespace "${name}".`);
    return true;
  } catch (error) {
    if (isFailure(error, 'KUBERNETES_CONFLICT')) {
      // Another run was faster.
      return false;
    }
    if (isFailure(error, 'KUBERNETES_FORBIDDEN')) {
      // Credentials bound to one namespace may not look at namespaces; if it
      // is missing, the first object says so.
      log.info(
        `Whether the namespace "${name}" exists cannot be seen with these credentials; it is taken to exist.`,
      );
      return false;
    }
    throw error;
  }
}

function isFailure(error: unknown, code: string): boolean {
  return error instanceof StepFailure && error.code === code;
}
