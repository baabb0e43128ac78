import { CelEnv, CelFunc, celEnv, isCelList, isCelMap } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { CelBudget } from './celValues';

/** Characters that cost as much as one element. */
const CHARACTERS = 100;

/** Of the evaluation in progress; it never waits for anything. */
let current: CelBudget | undefined;

/**
 * What expressions can call. Each function spends the budget of the evaluation
 * before it works, by the length of the texts it is given: one call of `matches`
 * or `replace` can be more work than a loop over everything.
 */
export const CEL_ENVIRONMENT: CelEnv = celEnv({
  funcs: [...celEnv({ funcs: [...strings] }).funcs].map(counted),
});

/** Runs an evaluation whose functions spend the budget. */
export function spending<T>(budget: CelBudget, evaluate: () => T): T {
  const before = current;
  current = budget;
  try {
    return evaluate();
  } finally {
    current = before;
  }
}

function counted(func: CelFunc): CelFunc {
  return Object.create(func, {
    call: {
      value: (id: number, target: unknown, args: unknown[]) => {
        current?.spend(costOf(func.name, [target, ...args]));
        return func.call(
          id,
          target as Parameters<CelFunc['call']>[1],
          args as Parameters<CelFunc['call']>[2],
        );
      },
    },
  });
}

/** Functions that go through all that is in their arguments, however deep. */
const DEEP = ['format', 'join', '_==_', '_!=_', '@in'];

function costOf(name: string, values: unknown[]): number {
  // The target, which functions such as `==` have none of, and the arguments.
  const [text, second, third] = values;
  if (DEEP.includes(name)) {
    values.filter(isCelListOrMap).forEach(weigh);
  }
  const length = values.reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
    0,
  );
  const base = Math.floor(length / CHARACTERS);
  if (typeof text !== 'string' || typeof second !== 'string') {
    return base;
  }
  switch (name) {
    case 'matches':
      return Math.floor(
        (text.length * second.length) / CHARACTERS + second.length / 10,
      );
    case 'split':
      return base + count(text, second);
    case 'replace': {
      // Each time the whole text is put together again.
      const times = count(text, second);
      const grown =
        text.length + times * (typeof third === 'string' ? third.length : 0);
      return base + times + Math.floor((times * grown) / CHARACTERS);
    }
    default:
      return base;
  }
}

/** Everything below a value, since all of it becomes text. */
function weigh(value: unknown): void {
  current?.spend(
    typeof value === 'string' ? Math.floor(value.length / CHARACTERS) : 1,
  );
  if (isCelList(value)) {
    for (let i = 0; i < value.size; i++) {
      weigh(value.get(i));
    }
  } else if (isCelMap(value)) {
    for (const [key, child] of value) {
      weigh(key);
      weigh(child);
    }
  }
}

function isCelListOrMap(value: unknown): boolean {
  return isCelList(value) || isCelMap(value);
}

function count(text: string, part: string): number {
  return part === '' ? text.length : text.split(part).length - 1;
}
