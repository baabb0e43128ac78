import { isCelError, parse, plan } from '@bufbuild/cel';
import { nearestNames } from '../diagnostics';
import { JsonValue } from '../json';
import { CEL_ENVIRONMENT, spending } from './celEnvironment';
import { CelBudget, toCelValue } from './celValues';

/** Names that rules can look at. */
const CEL_VARIABLES = [
  'spec',
  'plan',
  'environment',
  'params',
  'application',
  'user',
] as const;

const LONGEST_EXPRESSION = 4_096;
const MOST_NODES = 1_000;
/** Macros such as `all` and `exists` inside of each other. */
const DEEPEST_NESTING = 2;
/** Elements that one evaluation may look at. */
const BUDGET = 100_000;
/** Parts that may be worked out: large expressions look at fewer elements. */
const MOST_WORK = 5_000_000;

/** What expressions look at, read once for all of them. */
export class CelSubject {
  readonly budget = new CelBudget();
  readonly bindings: Record<string, ReturnType<typeof toCelValue>>;

  static create(variables: Record<string, JsonValue>): CelSubject {
    return new CelSubject(variables);
  }

  private constructor(variables: Record<string, JsonValue>) {
    this.bindings = Object.fromEntries(
      CEL_VARIABLES.map(name => [
        name,
        toCelValue(variables[name] ?? {}, this.budget),
      ]),
    );
  }
}

/** An expression that can be asked again and again. */
export interface CelExpression {
  evaluate(
    subject: CelSubject,
  ): { ok: true; value: JsonValue } | { ok: false; problem: string };
}

/**
 * Compiles a CEL expression within limits of its size, so that what a rule can
 * cost is bounded by what it looks at; and that is counted while it runs.
 */
export function compileCel(
  expression: string,
): { ok: true; expression: CelExpression } | { ok: false; problem: string } {
  if (expression.length > LONGEST_EXPRESSION) {
    return {
      ok: false,
      problem: `it is longer than ${LONGEST_EXPRESSION} characters`,
    };
  }
  try {
    const parsed = parse(expression);
    const { problem, nodes } = inspect(parsed.expr);
    if (problem !== undefined) {
      return { ok: false, problem };
    }
    const run = plan(CEL_ENVIRONMENT, parsed);
    const limit = Math.min(BUDGET, Math.floor(MOST_WORK / Math.max(1, nodes)));
    return { ok: true, expression: { evaluate: toEvaluate(run, limit) } };
  } catch (error) {
    return {
      ok: false,
      problem: (error as Error).message.replace(
        /^<input>:(\d+):(\d+): /,
        'line $1, column $2: ',
      ),
    };
  }
}

function toEvaluate(
  run: (bindings: CelSubject['bindings']) => unknown,
  limit: number,
): CelExpression['evaluate'] {
  return ({ bindings, budget }) => {
    budget.begin(limit);
    try {
      const value = spending(budget, () => run(bindings));
      return isCelError(value)
        ? { ok: false, problem: value.message }
        : { ok: true, value: toJson(value) };
    } catch (error) {
      return { ok: false, problem: (error as Error).message };
    }
  };
}

/** Rules answer booleans, messages texts; anything else is told as text. */
function toJson(value: unknown): JsonValue {
  return typeof value === 'boolean' || typeof value === 'string'
    ? value
    : String(value);
}

interface Found {
  nodes: number;
  problem?: string;
}

function inspect(expression: unknown): Found {
  const found: Found = { nodes: 0 };
  walk(expression, { found, names: [...CEL_VARIABLES], depth: 0 });
  return found.nodes > MOST_NODES
    ? { ...found, problem: `it has more than ${MOST_NODES} parts` }
    : found;
}

function walk(
  node: unknown,
  context: { found: Found; names: readonly string[]; depth: number },
): void {
  const { found, names, depth } = context;
  if (typeof node !== 'object' || node === null || found.nodes > MOST_NODES) {
    return;
  }
  const kind = (node as { exprKind?: { case?: string; value?: unknown } })
    .exprKind;
  let inner = context;
  if (kind) {
    found.nodes += 1;
    const value = (kind.value ?? {}) as Record<string, unknown>;
    if (kind.case === 'identExpr') {
      found.problem ??= unknownName(String(value.name), names);
    } else if (kind.case === 'comprehensionExpr') {
      if (depth >= DEEPEST_NESTING) {
        found.problem ??= `more than ${DEEPEST_NESTING} of all, exists, map and filter stand inside of each other`;
      }
      inner = {
        found,
        depth: depth + 1,
        names: [
          ...names,
          String(value.iterVar),
          String(value.iterVar2),
          String(value.accuVar),
        ],
      };
    }
  }
  for (const child of Object.values(node)) {
    walk(child, inner);
  }
}

/** Types such as `int` stand for themselves in `type(x) == int`. */
const TYPE_NAMES = [
  'bool',
  'bytes',
  'double',
  'dyn',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'type',
  'uint',
];

function unknownName(
  name: string,
  names: readonly string[],
): string | undefined {
  if (names.includes(name) || TYPE_NAMES.includes(name)) {
    return undefined;
  }
  const [near] = nearestNames(name, [...CEL_VARIABLES], 1);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `"${name}" is not known; known are ${CEL_VARIABLES.join(', ')}.${hint}`;
}
