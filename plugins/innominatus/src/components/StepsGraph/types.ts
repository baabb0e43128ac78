import { AnyStatus } from '../../lib/status';

/** A step as the graph draws it, whether planned or running. */
export interface GraphStep {
  id: string;
  title: string;
  subtitle: string;
  stage: number;
  dependsOn: string[];
  status?: AnyStatus;
  /** Part of the chain that takes longest. */
  heavy?: boolean;
  /** Where the node leads; without it the node is not a link. */
  to?: string;
}
