import { joinJsonPointer, nearestNames } from '../../diagnostics';
import { JsonValue } from '../../json';
import {
  ConditionSyntaxError,
  findConditionReferences,
  parseCondition,
} from '../condition';
import { parseTemplate, Reference, walkStrings } from '../references';
import { isScopeRoot, SCOPE_ROOTS } from '../scope';
import { findForgedSecret } from '../secretToken';
import {
  eachProblem,
  isEachMisplaced,
  isEachName,
  outputProblem,
} from './eachReferences';
import { Place, upstreamOf } from './place';
import { ReadStep } from './readStep';
import { Report } from './report';

export interface CheckReferencesOptions {
  steps: ReadStep[];
  variables: Record<string, JsonValue>;
  outputs: { texts: Record<string, string>; pointer: string };
  /** `undefined` when anything may be passed. */
  parameters?: ReadonlySet<string>;
  resources?: ReadonlySet<string>;
}

class ReferenceChecker {
  readonly #options: CheckReferencesOptions;
  readonly #report: Report;
  readonly #stepNames: ReadonlySet<string>;

  constructor(options: CheckReferencesOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#stepNames = new Set(options.steps.map(step => step.definition.name));
  }

  checkStep(step: ReadStep, before: Set<string>): void {
    const { definition, pointer } = step;
    const label = `step "${definition.name}"`;
    const outer: Place = {
      label,
      env: new Set(),
      before,
      each: definition.forEach ? 'known' : 'outside',
    };
    const inner: Place = {
      ...outer,
      env: new Set(Object.keys(definition.env)),
    };
    this.#checkValue(
      definition.env,
      () => joinJsonPointer(pointer, 'env'),
      outer,
    );
    for (const [key, value] of Object.entries(definition.config)) {
      this.#checkValue(value, () => step.configPointer(key), inner);
    }
    this.#checkValue(
      definition.outputFile,
      () => joinJsonPointer(pointer, 'outputFile'),
      inner,
    );
    // Once for all items: for the items, before they begin; or when all ended.
    const once: Place = {
      ...inner,
      each: definition.forEach ? 'notYet' : 'outside',
    };
    this.#checkValue(
      definition.setVariables,
      () => joinJsonPointer(pointer, 'setVariables'),
      { ...once, before: new Set([...before, definition.name]) },
    );
    for (const key of ['if', 'unless'] as const) {
      this.#checkCondition(
        definition[key],
        joinJsonPointer(pointer, key),
        step,
        once,
      );
    }
    const { approvers = [], message = '' } = definition.approval ?? {};
    this.#checkValue(
      definition.type === 'approval' ? undefined : { approvers, message },
      () => joinJsonPointer(pointer, 'approval'),
      once,
    );
    this.#checkValue(
      definition.forEach?.items,
      () => joinJsonPointer(pointer, 'forEach'),
      once,
    );
  }

  checkOutputs(): void {
    const { texts, pointer } = this.#options.outputs;
    this.#checkValue(texts, () => pointer, {
      label: 'the outputs of the workflow',
      env: new Set(),
      before: this.#stepNames,
      each: 'outside',
    });
  }

  #checkValue(
    value: JsonValue | undefined,
    pointer: () => string,
    place: Place,
  ): void {
    const forged =
      value === undefined ? undefined : findForgedSecret(value, pointer());
    if (forged !== undefined) {
      this.#report.error(
        'WORKFLOW_SECRET_FORGED',
        forged,
        'A secret cannot be named by its address. Use a reference such as "${resources.db.password}".',
      );
    }
    walkStrings(value, pointer(), (text, at) => {
      for (const part of parseTemplate(text)) {
        if (part.kind === 'broken') {
          this.#report.error('WORKFLOW_REFERENCE', at, part.problem);
        } else if (part.kind === 'reference') {
          this.#checkReference(part.reference, at, place);
        }
      }
    });
  }

  #checkCondition(
    text: string | undefined,
    pointer: string,
    step: ReadStep,
    place: Place,
  ): void {
    if (text === undefined) {
      return;
    }
    let found;
    try {
      found = findConditionReferences(parseCondition(text), this.#stepNames);
    } catch (error) {
      if (error instanceof ConditionSyntaxError) {
        return;
      }
      throw error;
    }
    for (const reference of found.references) {
      // Whether a resource exists is a fair question, as in "resources.db != null".
      if (reference.path[0] !== 'resources') {
        this.#checkReference(reference, pointer, place);
      }
    }
    for (const status of found.statuses) {
      this.#checkStepName(status.step, status.text, pointer, place);
      if (
        status.word.startsWith('fail') &&
        step.definition.when === 'on_success'
      ) {
        this.#report.warning(
          'WORKFLOW_NEVER_RUNS',
          pointer,
          `Step "${step.definition.name}" asks whether "${status.step}" failed, but it only runs when the steps before it succeeded.`,
          ['Add "when: always" or "when: on_failure".'],
        );
      }
    }
  }

  #checkReference(reference: Reference, pointer: string, place: Place): void {
    const [first, ...rest] = reference.path;
    if (rest.length > 0 && isScopeRoot(first)) {
      this.#checkRoot(reference, pointer, place);
    } else if (isEachName(first) && place.each === 'known') {
      // What an item holds is known only when the step is ready.
    } else if (isEachMisplaced(first, place, this.#options)) {
      this.#report.error(
        'WORKFLOW_FOREACH',
        pointer,
        eachProblem(reference, place),
      );
    } else if (rest.length > 0 && this.#stepNames.has(first)) {
      this.#checkStepName(first, reference.raw, pointer, place);
      this.#checkOutput(first, rest, reference, pointer);
    } else if (!place.env.has(first)) {
      this.#checkVariable(reference, first, pointer, place);
    }
  }

  #checkRoot(reference: Reference, pointer: string, place: Place): void {
    const [root, name] = reference.path;
    const { parameters, resources } = this.#options;
    switch (root) {
      case 'workflow':
        this.#checkVariable(reference, name, pointer, place);
        break;
      case 'steps':
        this.#checkStepName(name, reference.raw, pointer, place);
        this.#checkOutput(name, reference.path.slice(2), reference, pointer);
        break;
      case 'params':
        if (parameters && !parameters.has(name)) {
          this.#unknown(
            reference,
            pointer,
            `the parameter "${name}" is not declared`,
            parameters,
          );
        }
        break;
      case 'resources':
        if (
          resources &&
          !resources.has(name) &&
          !this.#isMadeBefore(name, place)
        ) {
          this.#unknown(
            reference,
            pointer,
            `there is no resource "${name}"`,
            resources,
          );
        }
        break;
      case 'run':
        this.#checkField(reference, pointer, ['id', 'number']);
        break;
      case 'app':
        this.#checkField(reference, pointer, ['name']);
        break;
      default:
        break;
    }
  }

  /** A step that provisions gives its outputs to a resource of its own name. */
  #isMadeBefore(resource: string, place: Place): boolean {
    return this.#options.steps.some(
      ({ definition }) =>
        place.before.has(definition.name) &&
        (definition.name === resource ||
          definition.config.resource === resource),
    );
  }

  #checkField(reference: Reference, pointer: string, fields: string[]): void {
    if (!fields.includes(reference.path[1])) {
      this.#unknown(
        reference,
        pointer,
        `"${reference.path[0]}" has no "${reference.path[1]}"`,
        new Set(fields),
      );
    }
  }

  #checkOutput(
    name: string,
    path: string[],
    reference: Reference,
    pointer: string,
  ): void {
    const step = this.#options.steps.find(s => s.definition.name === name);
    const problem = step && outputProblem(step.definition, path, reference);
    if (problem !== undefined) {
      this.#report.error('WORKFLOW_FOREACH', pointer, problem);
    }
  }

  #checkStepName(
    name: string,
    raw: string,
    pointer: string,
    place: Place,
  ): void {
    if (!this.#stepNames.has(name)) {
      this.#report.error(
        'WORKFLOW_REFERENCE',
        pointer,
        `"${raw}" cannot be resolved: there is no step "${name}".`,
        [
          ...nearestNames(name, this.#stepNames, 1).map(
            near => `Did you mean "${near}"?`,
          ),
          `Steps: ${[...this.#stepNames].join(', ')}.`,
        ],
      );
    } else if (!place.before.has(name)) {
      this.#report.error(
        'WORKFLOW_REFERENCE_ORDER',
        pointer,
        `"${raw}" in ${place.label} cannot be resolved: step "${name}" does not have to end before it.`,
        [`Add "${name}" to "dependsOn".`],
      );
    }
  }

  #checkVariable(
    reference: Reference,
    name: string,
    pointer: string,
    place: Place,
  ): void {
    const { steps, variables, parameters } = this.#options;
    if (Object.hasOwn(variables, name) || parameters?.has(name)) {
      return;
    }
    const setters = steps.filter(({ definition }) =>
      Object.hasOwn(definition.setVariables, name),
    );
    if (setters.some(({ definition }) => place.before.has(definition.name))) {
      return;
    }
    if (setters.length > 0 && parameters) {
      const setter = setters[0].definition.name;
      this.#report.error(
        'WORKFLOW_REFERENCE_ORDER',
        pointer,
        `"${reference.raw}" in ${place.label} cannot be resolved: step "${setter}" sets "${name}", but does not have to end before it.`,
        [`Add "${setter}" to "dependsOn".`],
      );
      return;
    }
    const names = new Set([
      ...place.env,
      ...(parameters ?? []),
      ...Object.keys(variables),
      ...steps.flatMap(({ definition }) =>
        Object.keys(definition.setVariables),
      ),
    ]);
    if (parameters) {
      this.#unknown(reference, pointer, `nothing is named "${name}"`, names);
    } else {
      this.#report.warning(
        'WORKFLOW_REFERENCE',
        pointer,
        `"${reference.raw}" is not declared in this workflow; it has a value only when a parameter "${name}" is passed.`,
        this.#hints(reference, name, names),
      );
    }
  }

  #unknown(
    reference: Reference,
    pointer: string,
    why: string,
    names: ReadonlySet<string>,
  ): void {
    const name = isScopeRoot(reference.path[0])
      ? reference.path[1]
      : reference.path[0];
    this.#report.error(
      'WORKFLOW_REFERENCE',
      pointer,
      `"${reference.raw}" cannot be resolved: ${why}.`,
      this.#hints(reference, name, names),
    );
  }

  #hints(
    reference: Reference,
    name: string,
    names: ReadonlySet<string>,
  ): string[] {
    const isBare = !isScopeRoot(reference.path[0]);
    const candidates =
      isBare && reference.path.length > 1
        ? [...names, ...SCOPE_ROOTS, ...this.#stepNames]
        : names;
    return [
      ...nearestNames(name, candidates, 1).map(
        near => `Did you mean "${near}"?`,
      ),
      ...(names.size > 0
        ? [`Names that exist: ${[...names].sort().join(', ')}.`]
        : []),
      ...(isBare ? [`Write "$${reference.raw}" for the text itself.`] : []),
    ];
  }
}

/** Finds references that can never have a value. */
export function checkReferences(
  options: CheckReferencesOptions,
  report: Report,
): void {
  const checker = new ReferenceChecker(options, report);
  const before = upstreamOf(options.steps);
  for (const step of options.steps) {
    checker.checkStep(step, before.get(step.definition.name) ?? new Set());
  }
  checker.checkOutputs();
}
