import {
  DefinitionChange,
  Definitions,
  JsonValue,
  StepChanges,
  StepDefinition,
  WorkflowDefinition,
  canonicalJson,
  unifiedDiff,
} from '@innominatus/backstage-plugin-innominatus-common';
import { stringify } from 'yaml';
import { nameOf } from '../definitions/definitionKinds';

/** Of all diffs of an answer together: nobody reads more, and they cost time. */
const MOST_DIFFED_CHARACTERS = 524_288;

/** Definitions that are not the same in both. */
export function compareSnapshots(
  before: Definitions,
  after: Definitions,
): DefinitionChange[] {
  const changes = [
    ...compare('Provider', before.providers, after.providers, item => ({
      value: item.document.value,
      version: item.version,
    })),
    ...compare('GoldenPath', before.goldenPaths, after.goldenPaths, item => ({
      value: item.document.value,
      version: item.metadata.version,
    })),
    ...compare('Workflow', before.workflows, after.workflows, item => ({
      value: item.document.value,
    })),
    ...compare('Environment', before.environments, after.environments, item => {
      const { source, ...value } = item;
      return { value };
    }),
  ];
  let room = MOST_DIFFED_CHARACTERS;
  return changes.map(({ texts, ...change }) => {
    room -= texts.before.length + texts.after.length;
    return room < 0
      ? change
      : { ...change, diff: unifiedDiff(texts.before, texts.after) };
  });
}

type Compared = DefinitionChange & {
  texts: { before: string; after: string };
};

function compare<T extends Parameters<typeof nameOf>[0]>(
  kind: string,
  before: T[],
  after: T[],
  describe: (item: T) => Described,
): Compared[] {
  const old = new Map(before.map(item => [nameOf(item), describe(item)]));
  const changes: Compared[] = [];
  for (const item of after) {
    const name = nameOf(item);
    const now = describe(item);
    const then = old.get(name);
    old.delete(name);
    if (then && isSame(then, now)) {
      continue;
    }
    changes.push({
      kind,
      name,
      change: then ? 'changed' : 'added',
      ...(then ? { before: { version: then.version } } : {}),
      after: { version: now.version },
      texts: { before: textOf(then), after: textOf(now) },
    });
  }
  for (const [name, then] of old) {
    const { version } = then;
    changes.push({
      kind,
      name,
      change: 'removed',
      before: { version },
      texts: { before: textOf(then), after: '' },
    });
  }
  return changes;
}

interface Described {
  value: unknown;
  version?: string;
}

function isSame(a: Described, b: Described): boolean {
  return (
    canonicalJson(a.value as JsonValue) === canonicalJson(b.value as JsonValue)
  );
}

/** As YAML, so that comments and the way of writing make no difference. */
function textOf(side: Described | undefined): string {
  return side
    ? stringify(side.value, { aliasDuplicateObjects: false, lineWidth: 0 })
    : '';
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
