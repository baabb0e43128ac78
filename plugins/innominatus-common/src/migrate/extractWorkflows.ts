import { Document, isMap, Pair, YAMLMap } from 'yaml';
import { migrateWorkflows } from '../workflow';
import type { ExtractedFile } from './migrateScore';
import { keyOf, namedMaps, Rewriting } from './yamlEdit';

/**
 * Takes the workflows of the original out of a Score spec: each becomes a
 * definition of its own that a location of the platform can hold.
 */
export function extractWorkflows(
  root: YAMLMap,
  rewriting: Rewriting,
): ExtractedFile[] {
  const workflows = root.get('workflows');
  if (!isMap(workflows)) {
    return [];
  }
  const named = namedMaps(workflows);
  if (named.length !== workflows.items.length) {
    return [];
  }
  const name = root.getIn(['metadata', 'name']);
  const workload = typeof name === 'string' ? name : 'workload';
  root.delete('workflows');
  return named.map(([key, workflow]) => {
    const full = `${workload}-${key}`;
    const file = `${full.replace(/[^A-Za-z0-9._-]/g, '-')}.workflow.yaml`;
    rewriting.changes.push(
      `Moved "workflows.${key}" to a file of its own, ${file}.`,
    );
    const document = new Document({
      apiVersion: 'innominatus.dev/v1',
      kind: 'Workflow',
      metadata: { name: full },
    });
    if (isMap(document.contents)) {
      (document.contents as YAMLMap).items.push(
        new Pair(document.createNode('spec'), withoutName(workflow)),
      );
    }
    const text = document.toString({ lineWidth: 0 });
    return { file, text: migrateWorkflows(text, { file }).text };
  });
}

function withoutName(workflow: YAMLMap): YAMLMap {
  workflow.items = workflow.items.filter(pair => keyOf(pair) !== 'name');
  return workflow;
}
