import { joinJsonPointer } from '../diagnostics';
import { JsonValue } from '../json';

/**
 * One reference in a text.
 *
 * @public
 */
export interface Reference {
  /** As written, for example `${steps.build.outputs.image}`. */
  raw: string;
  /** Without `$` and braces. */
  expression: string;
  /** The expression cut at its dots. */
  path: string[];
  braced: boolean;
}

/**
 * A piece of a template: text as it stands, or a reference.
 *
 * @public
 */
export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'reference'; reference: Reference }
  /** `${` without its `}`, or nothing between them. */
  | { kind: 'broken'; text: string; problem: string };

const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y;

/**
 * Cuts a string into text and references. `$$` is a literal `$`; a `$` that
 * starts nothing stays as it is.
 *
 * @public
 */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = '';
  let at = 0;
  const flush = () => {
    if (text !== '') {
      parts.push({ kind: 'text', text });
      text = '';
    }
  };
  while (at < template.length) {
    const dollar = template.indexOf('$', at);
    if (dollar < 0) {
      text += template.slice(at);
      break;
    }
    text += template.slice(at, dollar);
    const next = template[dollar + 1];
    if (next === '$') {
      text += '$';
      at = dollar + 2;
    } else if (next === '{') {
      flush();
      const end = template.indexOf('}', dollar);
      const part = braced(template, dollar, end);
      parts.push(part);
      at = end < 0 ? template.length : end + 1;
    } else {
      NAME.lastIndex = dollar + 1;
      const name = NAME.exec(template)?.[0];
      if (name === undefined) {
        text += '$';
        at = dollar + 1;
      } else {
        flush();
        parts.push(reference(`$${name}`, name, false));
        at = dollar + 1 + name.length;
      }
    }
  }
  flush();
  return parts;
}

function braced(template: string, start: number, end: number): TemplatePart {
  if (end < 0) {
    return {
      kind: 'broken',
      text: template.slice(start),
      problem:
        '"${" is not closed. Add "}", or write "$${" for the two characters themselves.',
    };
  }
  const raw = template.slice(start, end + 1);
  const expression = raw.slice(2, -1).trim();
  if (
    expression === '' ||
    expression.split('.').some(s => s === '') ||
    /[\s${]/.test(expression)
  ) {
    return {
      kind: 'broken',
      text: raw,
      problem: `"${raw}" is not a reference. Expected names joined by dots, for example "\${params.size}"; write "$$\{" for the two characters themselves.`,
    };
  }
  return reference(raw, expression, true);
}

function reference(
  raw: string,
  expression: string,
  isBraced: boolean,
): TemplatePart {
  return {
    kind: 'reference',
    reference: {
      raw,
      expression,
      path: expression.split('.'),
      braced: isBraced,
    },
  };
}

/**
 * Tells whether a string has something to interpolate.
 *
 * @public
 */
export function isTemplate(value: string): boolean {
  return (
    value.includes('$') &&
    parseTemplate(value).some(part => part.kind !== 'text')
  );
}

/**
 * A reference and the JSON pointer of the string it stands in.
 *
 * @public
 */
export interface FoundReference {
  reference: Reference;
  pointer: string;
}

/**
 * Finds every reference in the string leaves of a value.
 *
 * @public
 */
export function findReferences(
  value: JsonValue | undefined,
  pointer: string = '',
): FoundReference[] {
  const found: FoundReference[] = [];
  walkStrings(value, pointer, (text, at) => {
    for (const part of parseTemplate(text)) {
      if (part.kind === 'reference') {
        found.push({ reference: part.reference, pointer: at });
      }
    }
  });
  return found;
}

/**
 * Calls the visitor for every string leaf with its JSON pointer.
 *
 * @public
 */
export function walkStrings(
  value: JsonValue | undefined,
  pointer: string,
  visit: (text: string, pointer: string) => void,
): void {
  if (typeof value === 'string') {
    visit(value, pointer);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      walkStrings(child, joinJsonPointer(pointer, key), visit);
    }
  }
}
