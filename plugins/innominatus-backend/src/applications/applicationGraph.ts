import {
  AnalysisGraph,
  Workload,
  analyzeScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ResourceRecord } from '../resources/types';

/** The graph of a workload, with what exists of its resources. */
export interface ApplicationGraph {
  nodes: Array<
    AnalysisGraph['nodes'][number] & { state?: string; resourceId?: string }
  >;
  edges: AnalysisGraph['edges'];
}

/** The workload with its containers and the resources they need. */
export function applicationGraph(
  workload: Workload,
  records: ResourceRecord[],
): ApplicationGraph {
  const { nodes, edges } = analyzeScore(workload).resourceGraph;
  const byUid = new Map(records.map(record => [record.uid, record]));
  return {
    nodes: nodes.map(node => {
      const record =
        node.kind === 'resource'
          ? byUid.get(workload.resources[node.name]?.uid)
          : undefined;
      return { ...node, state: record?.state, resourceId: record?.id };
    }),
    edges,
  };
}
