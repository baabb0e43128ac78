import { Condition, ConditionSyntaxError, parseCondition } from '../condition';
import { StepDefinition, WorkflowDefinition } from '../types';
import { needsApproval } from './approval';

/** What is derived once from a definition and used at every event. */
export interface DefinitionIndex {
  byName: Map<string, StepDefinition>;
  /** Every step after the steps it depends on; `finally` at the end. */
  order: StepDefinition[];
  main: StepDefinition[];
  /** Those that wait for an approval. */
  manual: StepDefinition[];
  /** Parsed `if` and `unless` by their text; an error where they cannot be read. */
  conditions: Map<string, Condition | ConditionSyntaxError>;
}

/** A definition is replaced, never changed, so its index can hang on it. */
const cache = new WeakMap<WorkflowDefinition, DefinitionIndex>();

export function indexOf(definition: WorkflowDefinition): DefinitionIndex {
  let index = cache.get(definition);
  if (index === undefined) {
    index = build(definition);
    cache.set(definition, index);
  }
  return index;
}

function build(definition: WorkflowDefinition): DefinitionIndex {
  const byName = new Map(definition.steps.map(step => [step.name, step]));
  const conditions = new Map<string, Condition | ConditionSyntaxError>();
  for (const step of definition.steps) {
    for (const text of [step.if, step.unless]) {
      if (text !== undefined && !conditions.has(text)) {
        conditions.set(text, readCondition(text));
      }
    }
  }
  const main = definition.steps.filter(step => !step.finally);
  const last = definition.steps.filter(step => step.finally);
  return {
    byName,
    order: [...sortByDependencies(main), ...sortByDependencies(last)],
    main,
    manual: definition.steps.filter(needsApproval),
    conditions,
  };
}

function readCondition(text: string): Condition | ConditionSyntaxError {
  try {
    return parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionSyntaxError) {
      return error;
    }
    throw error;
  }
}

/** Kahn's algorithm; steps of a cycle, which compiling refuses, come last. */
function sortByDependencies(steps: StepDefinition[]): StepDefinition[] {
  const names = new Set(steps.map(step => step.name));
  const open = new Map<string, number>();
  const dependents = new Map<string, StepDefinition[]>();
  for (const step of steps) {
    const before = step.children
      ? [...step.dependsOn, ...step.children]
      : step.dependsOn;
    const inside = new Set(before.filter(name => names.has(name)));
    open.set(step.name, inside.size);
    for (const name of inside) {
      const list = dependents.get(name);
      if (list) {
        list.push(step);
      } else {
        dependents.set(name, [step]);
      }
    }
  }
  const sorted = steps.filter(step => open.get(step.name) === 0);
  for (let i = 0; i < sorted.length; i++) {
    for (const dependent of dependents.get(sorted[i].name) ?? []) {
      const left = (open.get(dependent.name) ?? 0) - 1;
      open.set(dependent.name, left);
      if (left === 0) {
        sorted.push(dependent);
      }
    }
  }
  const done = new Set(sorted.map(step => step.name));
  return [...sorted, ...steps.filter(step => !done.has(step.name))];
}
