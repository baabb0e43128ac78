import { toJsonPointer } from '../diagnostics';
import { topologicalLevels } from './graph';
import { toPlaceholderText } from './placeholders';
import { resourceDependencies } from './resourceOrder';
import { ScoreReporter } from './ScoreProblem';
import { Workload, WorkloadResource } from './workload';

const DATABASES = new Set(['postgres', 'mysql', 'mongodb']);

/**
 * Checks what the schema cannot say about resources: their order and their
 * identity.
 */
export function checkResources(
  workload: Workload,
  reporter: ScoreReporter,
): void {
  const { cycle } = topologicalLevels(resourceDependencies(workload));
  if (cycle) {
    reporter.add({
      code: 'SCORE_RESOURCE_CYCLE',
      message: `a cycle exists involving resource param placeholders: ${cycle.join(' → ')}`,
      pointer: toJsonPointer(['resources', cycle[0], 'params']),
      at: { key: toJsonPointer(['resources', cycle[0]]) },
      suggestions: ['Delete one of the placeholders of the cycle.'],
    });
  }
  const byUid = new Map<string, { name: string; definition: string }>();
  for (const resource of Object.values(workload.resources)) {
    const definition = definitionOf(resource);
    const first = byUid.get(resource.uid);
    if (first === undefined) {
      byUid.set(resource.uid, { name: resource.name, definition });
    } else if (first.definition !== definition) {
      reporter.add({
        code: 'SCORE_RESOURCE_CONFLICT',
        message: `The resources "${first.name}" and "${resource.name}" are the same resource "${resource.uid}", but their params or metadata differ.`,
        pointer: toJsonPointer(['resources', resource.name]),
        at: { key: toJsonPointer(['resources', resource.name]) },
        suggestions: [
          'Give both the same params and metadata.',
          'Give one of them another "id" or "class".',
        ],
      });
    }
    if (
      DATABASES.has(resource.type) &&
      Object.keys(resource.params).length === 0
    ) {
      const pointer = toJsonPointer(['resources', resource.name]);
      reporter.add({
        severity: 'info',
        code: 'SCORE_DATABASE_PARAMS',
        message: `The database "${resource.name}" has no params, so it gets the defaults of its provider.`,
        pointer,
        at: { key: pointer },
        suggestions: ['Add "params", for example the version or the size.'],
      });
    }
  }
}

function definitionOf({ params, metadata }: WorkloadResource): string {
  return toPlaceholderText({ params, metadata });
}
