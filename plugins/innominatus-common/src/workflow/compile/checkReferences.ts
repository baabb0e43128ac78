import { joinJsonPointer } from '../../diagnostics';
import { JsonValue } from '../../json';
import {
  ConditionSyntaxError,
  findConditionReferences,
  parseCondition,
} from '../condition';
import { parseTemplate, Reference, walkStrings } from '../references';
import { findForgedSecret } from '../secretToken';
import { isEachName } from './eachReferences';
import { Place, upstreamOf } from './place';
import { ReadStep } from './readStep';
import { ReferenceRules, ReferenceRulesOptions } from './ReferenceRules';
import { Report } from './report';

export interface CheckReferencesOptions extends ReferenceRulesOptions {
  outputs: { texts: Record<string, string>; pointer: string };
  /** Text of `concurrency.group`, and where it stands. */
  group?: { text: string; pointer: string };
}

class ReferenceChecker {
  readonly #options: CheckReferencesOptions;
  readonly #report: Report;
  readonly #rules: ReferenceRules;
  readonly #stepNames: ReadonlySet<string>;

  constructor(options: CheckReferencesOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#rules = ReferenceRules.create(options, report);
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
    this.#checkTitle(
      definition.title,
      joinJsonPointer(pointer, 'title'),
      outer,
    );
    this.#checkSettings(step, once);
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

  /** What the run waits for is worked out before its first step. */
  checkGroup(): void {
    const { group } = this.#options;
    const place: Place = {
      label: '"concurrency.group"',
      env: new Set(),
      before: new Set(),
      each: 'outside',
    };
    for (const part of group ? parseTemplate(group.text) : []) {
      if (part.kind === 'reference') {
        this.#rules.check(part.reference, group!.pointer, place);
      }
    }
  }

  /** They are filled in before the first step of the run begins. */
  #checkSettings({ definition, pointer }: ReadStep, place: Place): void {
    const { timeout = '', attempts = '' } = definition.settings ?? {};
    for (const [key, text] of Object.entries({ timeout, retry: attempts })) {
      for (const part of parseTemplate(text)) {
        const at = joinJsonPointer(pointer, key);
        if (part.kind === 'broken') {
          this.#report.error('WORKFLOW_REFERENCE', at, part.problem);
        } else if (part.kind === 'reference') {
          this.#checkSetting({ key, reference: part.reference }, at, place);
        }
      }
    }
  }

  #checkSetting(
    { key, reference }: { key: string; reference: Reference },
    pointer: string,
    place: Place,
  ): void {
    if (this.#isKnownAtStart(reference)) {
      this.#rules.check(reference, pointer, { ...place, env: new Set() });
    } else {
      this.#report.error(
        'WORKFLOW_REFERENCE',
        pointer,
        `"${reference.raw}" cannot be used in the "${key}" of ${place.label}: it is filled in when the run begins, and this is not known then.`,
        [
          'Use a parameter, a variable of the workflow, or a value of the environment.',
        ],
      );
    }
  }

  #isKnownAtStart({ path: [first, ...rest] }: Reference): boolean {
    const { parameters, steps, variables } = this.#options;
    if (rest.length > 0) {
      return !(
        ['steps', 'resources', 'run'].includes(first) ||
        this.#stepNames.has(first)
      );
    }
    return (
      parameters?.has(first) ||
      Object.hasOwn(variables, first) ||
      !steps.some(({ definition }) =>
        Object.hasOwn(definition.setVariables, first),
      )
    );
  }

  /**
   * What is known when the run begins is put into a title, and the item of a
   * `forEach`; "$HOME" is text there.
   */
  #checkTitle(title: string | undefined, pointer: string, place: Place): void {
    for (const part of title === undefined ? [] : parseTemplate(title)) {
      if (part.kind !== 'reference' || !part.reference.braced) {
        continue;
      }
      const { reference } = part;
      const before = this.#report.diagnostics.length;
      this.#rules.check(reference, pointer, place);
      if (
        this.#report.diagnostics.length === before &&
        !(place.each === 'known' && isEachName(reference.path[0])) &&
        reference.path[0] !== 'run' &&
        !this.#isKnownAtStart(reference)
      ) {
        this.#report.warning(
          'WORKFLOW_TITLE_REFERENCE',
          pointer,
          `"${reference.raw}" in the title of ${place.label} is shown as it is written: a title is filled in when the run begins, and this is not known then.`,
        );
      }
    }
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
          this.#rules.check(part.reference, at, place);
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
        this.#rules.check(reference, pointer, place);
      }
    }
    for (const { left, right } of found.fixed) {
      this.#rules.checkFixed([left, right], pointer);
    }
    for (const status of found.statuses) {
      this.#rules.checkStepName(status.step, status.text, pointer, place);
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
  checker.checkGroup();
}
