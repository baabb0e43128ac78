import { Condition, ConditionOperand } from './parse';

/** Writes a condition so that reading it gives the same tree. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'or':
    case 'and':
      return `${inner(condition.left)} ${condition.kind} ${inner(condition.right)}`;
    case 'not':
      return `not ${inner(condition.inner)}`;
    case 'status':
      return condition.text;
    case 'value':
      return printOperand(condition.operand);
    default: {
      const left = printOperand(condition.left);
      const right = printOperand(condition.right);
      // A bare word right after `matches` is a whole pattern.
      return condition.operator === 'matches' && !condition.right.quoted
        ? `${left} matches (${right})`
        : `${left} ${condition.operator} ${right}`;
    }
  }
}

function inner(condition: Condition): string {
  const text = printCondition(condition);
  return condition.kind === 'or' || condition.kind === 'and'
    ? `(${text})`
    : text;
}

function printOperand({ text, quoted }: ConditionOperand): string {
  if (!quoted) {
    return text;
  }
  // A quoted text cannot end with a backslash, but a bare pattern can.
  return text.endsWith('\\') ? text : `"${text.replace(/"/g, '\\"')}"`;
}
