import { parseTemplate, Reference } from '../references';
import { isScopeRoot } from '../scope';
import { isLiteralWord } from './literals';
import { Condition, ConditionOperand } from './parse';

/**
 * What a condition asks for.
 *
 * @public
 */
export interface ConditionReferences {
  references: Reference[];
  /** Steps whose status is asked for. */
  statuses: Array<{ step: string; word: string; text: string }>;
  /** Comparisons that come out the same whatever happens. */
  fixed: Array<{ left: ConditionOperand; right: ConditionOperand }>;
}

/**
 * Collects everything a condition refers to.
 *
 * @param stepNames - Bare words such as `build.version` are references only
 * when their first part is a step.
 *
 * @public
 */
export function findConditionReferences(
  condition: Condition,
  stepNames: ReadonlySet<string>,
): ConditionReferences {
  const found: ConditionReferences = {
    references: [],
    statuses: [],
    fixed: [],
  };
  visit(condition, stepNames, found);
  return found;
}

function visit(
  condition: Condition,
  stepNames: ReadonlySet<string>,
  found: ConditionReferences,
): void {
  switch (condition.kind) {
    case 'or':
    case 'and':
      visit(condition.left, stepNames, found);
      visit(condition.right, stepNames, found);
      break;
    case 'not':
      visit(condition.inner, stepNames, found);
      break;
    case 'status':
      found.statuses.push({
        step: condition.step,
        word: condition.word,
        text: condition.text,
      });
      break;
    case 'value':
      operandReferences(condition.operand, stepNames, found, true);
      break;
    default: {
      const { left, right } = condition;
      const before = found.references.length;
      operandReferences(left, stepNames, found, false);
      operandReferences(right, stepNames, found, false);
      if (found.references.length === before) {
        found.fixed.push({ left, right });
      }
    }
  }
}

function operandReferences(
  operand: ConditionOperand,
  stepNames: ReadonlySet<string>,
  found: ConditionReferences,
  alone: boolean,
): void {
  for (const part of parseTemplate(operand.text)) {
    if (part.kind === 'reference') {
      found.references.push(part.reference);
    }
  }
  const path = operand.text.split('.');
  if (
    !operand.quoted &&
    !operand.text.includes('$') &&
    ((path.length > 1 && (isScopeRoot(path[0]) || stepNames.has(path[0]))) ||
      (alone && !isLiteralWord(operand.text)))
  ) {
    found.references.push({
      raw: operand.text,
      expression: operand.text,
      path,
      braced: true,
    });
  }
}
