import { StepDefinition, WorkflowDefinition } from '../workflow/types';
import { ResourceStepsError } from './ResourceStepsError';
import { withStages } from './withStages';

/**
 * A resource that a step works on.
 *
 * @public
 */
export interface ResourceWork {
  name: string;
  /** Names of the resources in the same list that have to be done before. */
  dependsOn: string[];
  title?: string;
}

/**
 * What the provisioning steps of a workflow stand for in one deployment.
 *
 * @public
 */
export interface ResourceSteps {
  /** Resources to create or update. */
  provision: ResourceWork[];
  /** Resources to delete; `dependsOn` already in the order of removal. */
  remove: ResourceWork[];
}

/** Step type that provisions resources. @public */
export const RESOURCE_PROVISIONING_STEP_TYPE = 'resource-provisioning';

/**
 * Puts one step per resource in the place of each step of type
 * `resource-provisioning` that names no resource, so that the graph of the run
 * shows every resource.
 *
 * @remarks
 * Resources that depend on none of the others start where the step started;
 * what depended on the step waits for all of them. With nothing to do the step
 * stays and does nothing.
 *
 * @public
 */
export function expandResourceSteps(
  definition: WorkflowDefinition,
  resources: ResourceSteps,
): WorkflowDefinition {
  const taken = new Set(definition.steps.map(step => step.name));
  const replaced = new Map<string, string[]>();
  const steps: StepDefinition[] = [];
  const done: Partial<Record<'provision' | 'remove', string>> = {};

  for (const step of definition.steps) {
    const kind = step.config.operation === 'delete' ? 'remove' : 'provision';
    const work = resources[kind];
    if (
      step.type !== RESOURCE_PROVISIONING_STEP_TYPE ||
      step.config.resource !== undefined
    ) {
      steps.push(step);
      continue;
    }
    const before = done[kind];
    if (before !== undefined) {
      throw new ResourceStepsError(
        `The steps '${before}' and '${step.name}' of the workflow '${definition.name}' would both ${kind} all resources. Keep one of them, or name a resource in 'config.resource'.`,
      );
    }
    done[kind] = step.name;
    if (work.length === 0) {
      steps.push(step);
      continue;
    }
    const names = nameSteps({ kind, work, taken, own: step.name });
    replaced.set(step.name, [...names.values()]);
    for (const resource of work) {
      const inner = resource.dependsOn.flatMap(name => names.get(name) ?? []);
      steps.push({
        ...step,
        name: names.get(resource.name) ?? resource.name,
        title: resource.title ?? step.title,
        dependsOn: inner.length > 0 ? inner : step.dependsOn,
        config: { ...step.config, resource: resource.name },
      });
    }
  }

  const own = new Set([...replaced.values()].flat());
  return {
    ...definition,
    steps: withStages(
      steps.map(step => ({
        ...step,
        dependsOn: [
          ...new Set(
            step.dependsOn.flatMap(name =>
              own.has(name) ? name : (replaced.get(name) ?? name),
            ),
          ),
        ],
      })),
    ),
  };
}

function nameSteps(options: {
  kind: 'provision' | 'remove';
  work: ResourceWork[];
  taken: Set<string>;
  own: string;
}): Map<string, string> {
  const { kind, work, taken, own } = options;
  taken.delete(own);
  const names = new Map<string, string>();
  for (const resource of work) {
    const base = `${kind}-${resource.name}`.replace(/[^A-Za-z0-9_-]/g, '-');
    let name = base;
    for (let count = 2; taken.has(name); count += 1) {
      name = `${base}-${count}`;
    }
    taken.add(name);
    names.set(resource.name, name);
  }
  return names;
}
