import type { CelInput } from '@bufbuild/cel';
import { JsonValue } from '../json';

/** Thrown when a rule looks at more than it may. */
class CelBudgetError extends Error {
  constructor(limit: number) {
    super(
      `it looked at more than ${limit} elements, or at texts that are as much work. Look at fewer lists inside of each other, and at shorter texts.`,
    );
    this.name = 'CelBudgetError';
  }
}

/** What all rules of one plan may look at together. */
const TOTAL = 500_000;

/**
 * Counts how many elements of lists and maps were looked at, and how much text:
 * by one expression, and by all of them that look at the same.
 */
export class CelBudget {
  #limit = 0;
  #spent = 0;
  #total = 0;

  /** The next expression begins. */
  begin(limit: number): void {
    this.#limit = limit;
    this.#spent = 0;
  }

  spend(amount: number = 1): void {
    this.#spent += amount;
    this.#total += amount;
    if (this.#total > TOTAL) {
      throw new CelBudgetError(TOTAL);
    }
    if (this.#spent > this.#limit) {
      throw new CelBudgetError(this.#limit);
    }
  }
}

class CountedMap extends Map<string, CelInput> {
  readonly #budget: CelBudget;

  constructor(
    entries: ReadonlyArray<readonly [string, CelInput]>,
    budget: CelBudget,
  ) {
    super(entries);
    this.#budget = budget;
  }

  override *entries(): MapIterator<[string, CelInput]> {
    for (const entry of super.entries()) {
      this.#budget.spend();
      yield entry;
    }
  }

  override *keys(): MapIterator<string> {
    for (const key of super.keys()) {
      this.#budget.spend();
      yield key;
    }
  }

  override *values(): MapIterator<CelInput> {
    for (const value of super.values()) {
      this.#budget.spend();
      yield value;
    }
  }
}

/**
 * JSON as CEL sees it: whole numbers as `int`, objects as maps. Whatever goes
 * through a list or map spends the budget.
 */
export function toCelValue(value: JsonValue, budget: CelBudget): CelInput {
  if (Array.isArray(value)) {
    return countedList(
      value.map(item => toCelValue(item, budget)),
      budget,
    );
  }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return new CountedMap(
    Object.entries(value).map(
      ([key, item]) => [key, toCelValue(item, budget)] as const,
    ),
    budget,
  );
}

/** The evaluator goes through a list by its `values`. */
function countedList(items: CelInput[], budget: CelBudget): CelInput[] {
  const values = items.values.bind(items);
  return Object.assign(items, {
    *values() {
      for (const item of values()) {
        budget.spend();
        yield item;
      }
    },
  });
}
