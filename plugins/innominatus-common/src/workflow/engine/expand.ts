import { isSecretReference } from '../../json';
import { interpolate, InterpolationError } from '../interpolate';
import { Scope } from '../scope';
import { containsSecretToken } from '../secretToken';
import { eachOf } from '../stepScope';
import { RunEvent, RunState, StepDefinition, StepItem } from '../types';
import { needsApproval } from './approval';
import { changeStep, joinStep } from './change';
import { indexOf } from './definitionIndex';
import { itemStepNames } from './itemNames';
import { mayStart } from './judge';

const MAX_LABEL_LENGTH = 60;

/**
 * Puts one step for each item into the definition of the run, right behind the
 * step that says `forEach`. From here on they are steps like any other; the
 * step itself runs until the last of them has ended.
 */
export function expandStep(
  state: RunState,
  event: Extract<RunEvent, { type: 'StepExpanded' }>,
): RunState {
  const index = indexOf(state.definition);
  const parent = index.byName.get(event.step);
  if (parent?.forEach === undefined || parent.children !== undefined) {
    return state;
  }
  const step = state.steps[parent.name];
  if (
    step.status !== 'pending' ||
    (needsApproval(parent) && step.approved === undefined) ||
    !mayStart({ state, index, steps: state.steps }, parent)
  ) {
    return state;
  }
  const { items, keys } = event;
  const names = itemStepNames(parent.name, items.length);
  const steps = state.definition.steps.flatMap(definition =>
    definition.name === parent.name
      ? [
          {
            ...parent,
            children: names,
            ...(keys ? { childKeys: keys } : {}),
          },
          ...items.map((value, i) =>
            stepOfItem(parent, names[i], {
              parent: parent.name,
              index: i,
              ...(keys ? { key: keys[i] } : {}),
              value,
            }),
          ),
        ]
      : [definition],
  );
  const expanded: RunState = {
    ...state,
    definition: { ...state.definition, steps },
    // In the order of the definition, as every view of the run has them.
    steps: Object.fromEntries(
      steps.map(({ name }) => [
        name,
        Object.hasOwn(state.steps, name)
          ? state.steps[name]
          : { name, status: 'pending', attempt: 0, outputs: {} },
      ]),
    ),
  };
  return beginItems(expanded, parent.name, event.at);
}

/** For a run that begins with items already known: the retry of another. */
export function takeUpItems(state: RunState, at: number): RunState {
  return state.definition.steps.reduce(
    (next, { name, children }) =>
      children && next.steps[name].status === 'pending'
        ? beginItems(next, name, at)
        : next,
    state,
  );
}

/**
 * The definition as it was before the items of the steps were known, so that
 * they are worked out anew.
 *
 * @param parents - Names of steps with `forEach`.
 */
export function withoutItems(
  definition: RunState['definition'],
  parents: ReadonlySet<string>,
): RunState['definition'] {
  return {
    ...definition,
    steps: definition.steps.flatMap(step => {
      if (step.item && parents.has(step.item.parent)) {
        return [];
      }
      const { children: _names, childKeys: _keys, ...plain } = step;
      return [parents.has(step.name) ? plain : step];
    }),
  };
}

function beginItems(state: RunState, name: string, at: number): RunState {
  const next = changeStep(state, name, {
    status: 'running',
    expanded: true,
    startedAt: at,
    waiting: undefined,
  });
  const parent = indexOf(next.definition).byName.get(name);
  return parent ? joinStep(next, parent, at) : next;
}

/**
 * What is decided once for all items is left out: conditions, approval,
 * variables. `when` stays, because it tells which steps still run after a
 * cancel.
 */
function stepOfItem(
  parent: StepDefinition,
  name: string,
  item: StepItem,
): StepDefinition {
  const { forEach: _items, if: _if, unless: _unless, ...rest } = parent;
  return {
    ...rest,
    name,
    title: titleOf(parent, item),
    when: parent.when === 'manual' ? 'on_success' : parent.when,
    setVariables: {},
    item,
  };
}

function titleOf(parent: StepDefinition, item: StepItem): string {
  const title = parent.title ?? parent.name;
  try {
    const text = interpolate(title, scopeOf(item));
    if (typeof text === 'string' && text !== title && isShowable(text)) {
      return text;
    }
  } catch (error) {
    // A title is no template elsewhere: "$HOME" in it stays as it is.
    if (!(error instanceof InterpolationError)) {
      throw error;
    }
  }
  return `${title} (${labelOf(item)})`;
}

function labelOf({ key, value, index }: StepItem): string {
  const label = key ?? (isSecretReference(value) ? undefined : value);
  const isPlain = typeof label === 'string' || typeof label === 'number';
  return isPlain && isShowable(String(label))
    ? String(label).slice(0, MAX_LABEL_LENGTH)
    : String(index + 1);
}

function isShowable(text: string): boolean {
  return text.trim() !== '' && !containsSecretToken(text);
}

function scopeOf(item: StepItem): Scope {
  return {
    each: eachOf(item),
    env: {},
    params: {},
    variables: {},
    workflow: {},
    steps: {},
    resources: {},
    metadata: {},
  };
}
