import {
  Definitions,
  ProviderMatch,
  ProviderOperation,
  RESOURCE_OPERATIONS,
  ResourceImpact,
  WorkflowDefinition,
  canonicalJson,
} from '@innominatus/backstage-plugin-innominatus-common';
import { compareSteps, hasStepChanges } from './compareSnapshots';

/** How a declaration of a resource type differs from another one. */
export type TypeChanges = Pick<
  ResourceImpact,
  'operations' | 'outputs' | 'also'
>;

/**
 * Compares declarations of resource types. Many resources share a declaration,
 * so each pair is compared once.
 */
export class ResourceComparison {
  readonly #before: Map<string, WorkflowDefinition>;
  readonly #after: Map<string, WorkflowDefinition>;
  readonly #known = new Map<unknown, Map<unknown, TypeChanges>>();

  static create(options: {
    before: Definitions;
    after: Definitions;
  }): ResourceComparison {
    return new ResourceComparison(options.before, options.after);
  }

  private constructor(before: Definitions, after: Definitions) {
    this.#before = byName(before);
    this.#after = byName(after);
  }

  compare(before: ProviderMatch, after: ProviderMatch): TypeChanges {
    const known =
      this.#known.get(before.resourceType) ?? new Map<unknown, TypeChanges>();
    this.#known.set(before.resourceType, known);
    const changes =
      known.get(after.resourceType) ?? this.#compare(before, after);
    known.set(after.resourceType, changes);
    return changes;
  }

  #compare(before: ProviderMatch, after: ProviderMatch): TypeChanges {
    const old = before.resourceType;
    const now = after.resourceType;
    const differs = (key: 'parameters' | 'outputs' | 'hints' | 'manifests') =>
      canonicalJson(old[key] ?? {}) !== canonicalJson(now[key] ?? {});
    const names = (type: typeof old) => type.outputs.map(({ name }) => name);
    return {
      operations: RESOURCE_OPERATIONS.flatMap(operation => {
        const steps = compareSteps(
          this.#workflow(old.operations[operation], this.#before),
          this.#workflow(now.operations[operation], this.#after),
        );
        const isSame =
          canonicalJson(old.operations[operation]) ===
          canonicalJson(now.operations[operation]);
        return isSame && !hasStepChanges(steps)
          ? []
          : {
              operation,
              before: old.operations[operation].workflow,
              after: now.operations[operation].workflow,
              steps,
            };
      }),
      outputs: {
        added: names(now).filter(name => !names(old).includes(name)),
        removed: names(old).filter(name => !names(now).includes(name)),
      },
      also: (['parameters', 'outputs', 'hints', 'manifests'] as const).filter(
        differs,
      ),
    };
  }

  #workflow(
    { workflow }: ProviderOperation,
    from: Map<string, WorkflowDefinition>,
  ): WorkflowDefinition | undefined {
    return workflow === undefined ? undefined : from.get(workflow);
  }
}

function byName({ workflows }: Definitions): Map<string, WorkflowDefinition> {
  return new Map(workflows.map(({ name, definition }) => [name, definition]));
}
