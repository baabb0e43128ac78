import { StepContext } from '@innominatus/backstage-plugin-innominatus-node';
import { ClusterClient } from '../cluster/ClusterClient';
import { KubernetesStepConfig } from '../schema';

export type StepLog = StepContext['log'];

/** What every operation works with. */
export interface OperationContext {
  step: StepContext<KubernetesStepConfig>;
  client: ClusterClient;
  /** Where objects go that do not name a namespace. */
  namespace: string;
  timeoutMs: number;
  pollMs?: number;
}
