import {
  DefinitionChange,
  Definitions,
  JsonValue,
  StepChanges,
  StepDefinition,
  WorkflowDefinition,
  canonicalJson,
} from '@innominatus/backstage-plugin-innominatus-common';
import { nameOf } from '../definitions/loadFiles';

/** Definitions that are not the same in both. */
export function compareSnapshots(
  before: Definitions,
  after: Definitions,
): DefinitionChange[] {
  return [
    ...compare('Provider', before.providers, after.providers, item => ({
      text: canonicalJson(item.document.value),
      version: item.version,
    })),
    ...compare('GoldenPath', before.goldenPaths, after.goldenPaths, item => ({
      text: canonicalJson(item.document.value),
      version: item.metadata.version,
    })),
    ...compare('Workflow', before.workflows, after.workflows, item => ({
      text: canonicalJson(item.document.value),
      version: undefined,
    })),
    ...compare('Environment', before.environments, after.environments, item => {
      const { source, ...rest } = item;
      return { text: canonicalJson(rest), version: undefined };
    }),
  ];
}

function compare<T extends Parameters<typeof nameOf>[0]>(
  kind: string,
  before: T[],
  after: T[],
  describe: (item: T) => { text: string; version: string | undefined },
): DefinitionChange[] {
  const old = new Map(before.map(item => [nameOf(item), describe(item)]));
  const changes: DefinitionChange[] = [];
  for (const item of after) {
    const name = nameOf(item);
    const now = describe(item);
    const then = old.get(name);
    old.delete(name);
    if (then?.text === now.text) {
      continue;
    }
    changes.push({
      kind,
      name,
      change: then ? 'changed' : 'added',
      ...(then ? { before: { version: then.version } } : {}),
      after: { version: now.version },
    });
  }
  for (const [name, { version }] of old) {
    changes.push({ kind, name, change: 'removed', before: { version } });
  }
  return changes;
}

/** Steps by their names; a step that only moved is the same. */
export function compareSteps(
  before: WorkflowDefinition | undefined,
  after: WorkflowDefinition | undefined,
): StepChanges {
  const steps = (definition: WorkflowDefinition | undefined) =>
    (definition?.steps ?? []).map(
      ({ stage, ...step }: StepDefinition): [string, unknown] => [
        step.name,
        step,
      ],
    );
  return compareNamed(steps(before), steps(after));
}

export function compareNamed(
  before: Array<[string, unknown]>,
  after: Array<[string, unknown]>,
): StepChanges {
  const old = new Map(before);
  const now = new Map(after);
  return {
    added: [...now.keys()].filter(name => !old.has(name)),
    removed: [...old.keys()].filter(name => !now.has(name)),
    changed: [...now.keys()].filter(
      name =>
        old.has(name) &&
        canonicalJson(old.get(name) as JsonValue) !==
          canonicalJson(now.get(name) as JsonValue),
    ),
  };
}

export function hasStepChanges(changes: StepChanges): boolean {
  const { added, removed, changed } = changes;
  return added.length + removed.length + changed.length > 0;
}
