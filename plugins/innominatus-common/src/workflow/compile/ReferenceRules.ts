import { nearestNames } from '../../diagnostics';
import { JsonValue } from '../../json';
import { ConditionOperand } from '../condition';
import { Reference } from '../references';
import { isScopeRoot, SCOPE_ROOTS } from '../scope';
import {
  eachProblem,
  isEachMisplaced,
  isEachName,
  outputProblem,
} from './eachReferences';
import { Place } from './place';
import { ReadStep } from './readStep';
import { Report } from './report';

/** What the references of a workflow may name. */
export interface ReferenceRulesOptions {
  steps: ReadStep[];
  variables: Record<string, JsonValue>;
  /** `undefined` when anything may be passed. */
  parameters?: ReadonlySet<string>;
  resources?: ReadonlySet<string>;
}

/** Tells whether a reference can have a value at a place, and reports why not. */
export class ReferenceRules {
  readonly #options: ReferenceRulesOptions;
  readonly #report: Report;
  readonly #stepNames: ReadonlySet<string>;

  static create(
    options: ReferenceRulesOptions,
    report: Report,
  ): ReferenceRules {
    return new ReferenceRules(options, report);
  }

  private constructor(options: ReferenceRulesOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#stepNames = new Set(options.steps.map(step => step.definition.name));
  }

  check(reference: Reference, pointer: string, place: Place): void {
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
      this.checkStepName(first, reference.raw, pointer, place);
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
        this.checkStepName(name, reference.raw, pointer, place);
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

  checkStepName(
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
    if (parameters || isUnknownRoot(reference)) {
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

  /**
   * Words without "$" are texts in a comparison. One that looks like a slip of
   * the pen for a reference makes the comparison come out always the same.
   */
  checkFixed(operands: ConditionOperand[], pointer: string): void {
    const names = [
      ...SCOPE_ROOTS,
      ...this.#stepNames,
      ...Object.keys(this.#options.variables),
      ...(this.#options.parameters ?? []),
    ];
    for (const { text, quoted } of operands) {
      const [first, ...rest] = text.split('.');
      const near =
        quoted || rest.length === 0 || !/^[A-Za-z_][\w-]*$/.test(first)
          ? undefined
          : nearestNames(first, names, 1)[0];
      if (near !== undefined) {
        this.#report.error(
          'WORKFLOW_REFERENCE',
          pointer,
          `"${text}" cannot be resolved: nothing is named "${first}", and the comparison has no other reference, so it always comes out the same.`,
          [
            `Did you mean "${[near, ...rest].join('.')}"?`,
            `Write "'${text}'" for the text itself.`,
          ],
        );
        return;
      }
    }
    const [left, right] = operands.map(({ text }) => text);
    this.#report.warning(
      'WORKFLOW_CONDITION_FIXED',
      pointer,
      `The comparison of "${left}" and "${right}" always comes out the same: both are texts.`,
      [`Write "$${left}" for the value of a variable or parameter.`],
    );
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
      ...(this.#options.parameters === undefined && isUnknownRoot(reference)
        ? [
            `Write "\${params.${reference.expression}}" for a parameter that is passed.`,
          ]
        : []),
      ...(isBare && this.#stepNames.has(name)
        ? [`Write "${name}.success" to ask how the step ended.`]
        : []),
      ...(isBare && reference.raw.startsWith('$')
        ? [`Write "$${reference.raw}" for the text itself.`]
        : []),
    ];
  }
}

/** What a provider gives to its workflows, whether they declare it or not. */
const PASSED_OBJECTS = ['outputs', 'resource'];

/** `${bogus.thing}`, which no variable, step or item begins. */
function isUnknownRoot({ path, braced }: Reference): boolean {
  return (
    braced &&
    path.length > 1 &&
    !isScopeRoot(path[0]) &&
    !PASSED_OBJECTS.includes(path[0])
  );
}
