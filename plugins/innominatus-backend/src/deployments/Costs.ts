import { Config } from '@backstage/config';
import {
  Environment,
  JsonObject,
  PlanCost,
  PriceListEntry,
  ProviderResourceType,
  ResourcePrice,
  priceOf,
  readPrices,
} from '@innominatus/backstage-plugin-innominatus-common';

const KEY = 'innominatus.costs';
const DEFAULT_CURRENCY = 'EUR';

/** A resource as it will be after a deployment. */
export interface CostedResource {
  name: string;
  type: string;
  class: string;
  params: JsonObject;
  resourceType: Pick<ProviderResourceType, 'type' | 'cost'>;
}

/** What resources cost per month: the price list first, then the providers. */
export class Costs {
  readonly #currency: string;
  readonly #prices: PriceListEntry[];

  static create(
    options: { currency?: string; prices?: PriceListEntry[] } = {},
  ): Costs {
    return new Costs(
      options.currency ?? DEFAULT_CURRENCY,
      options.prices ?? [],
    );
  }

  /** A wrong price stops the start and says where it is. */
  static fromConfig(config: Config): Costs {
    const section = config.getOptional(KEY);
    if (section === undefined) {
      return Costs.create();
    }
    const result = readPrices(section);
    if ('problem' in result) {
      throw new Error(
        `The value of "${KEY}${result.path}" is not valid: ${result.problem}. Expected for example { currency: EUR, prices: [{ type: postgres, monthly: 25 }] }.`,
      );
    }
    return Costs.create(result);
  }

  private constructor(currency: string, prices: PriceListEntry[]) {
    this.#currency = currency;
    this.#prices = prices;
  }

  /**
   * @param options.others - What the other applications of the environment cost
   * together.
   */
  plan(options: {
    environment: Environment;
    resources: CostedResource[];
    before: number | undefined;
    others: number;
  }): PlanCost | undefined {
    const { environment, resources, before, others } = options;
    const items: PlanCost['items'] = [];
    const unpriced: string[] = [];
    for (const resource of resources) {
      const price = this.#priceFor(resource);
      if (price) {
        const { name, type, params } = resource;
        items.push({ resource: name, type, monthly: priceOf(price, params) });
      } else {
        unpriced.push(resource.name);
      }
    }
    if (items.length === 0 && !environment.budget && before === undefined) {
      return undefined;
    }
    const monthly = toCents(items.reduce((sum, item) => sum + item.monthly, 0));
    return {
      currency: this.#currency,
      monthly,
      monthlyBefore: before,
      items,
      unpriced,
      budget: this.#budget({ environment, monthly, before, others }),
    };
  }

  #priceFor(resource: CostedResource): ResourcePrice | undefined {
    const types = [resource.type, resource.resourceType.type];
    const listed = this.#prices.filter(entry => types.includes(entry.type));
    return (
      listed.find(entry => entry.class === resource.class) ??
      listed.find(entry => entry.class === undefined) ??
      resource.resourceType.cost
    );
  }

  #budget(options: {
    environment: Environment;
    monthly: number;
    before: number | undefined;
    others: number;
  }): PlanCost['budget'] {
    const { environment, monthly, before = 0, others } = options;
    const { budget } = environment;
    if (!budget) {
      return undefined;
    }
    const total = toCents(others + monthly);
    const isOver = total > budget.monthly;
    const over =
      // Who saves money is let through, however much is spent already.
      monthly <= before ? 'warn' : budget.onExceed;
    const result = isOver ? over : 'within';
    return {
      limit: budget.monthly,
      total,
      result,
      ...(result === 'within'
        ? {}
        : {
            message: `All applications in "${environment.name}" together would cost ${this.#amount(total)} per month; the budget is ${this.#amount(budget.monthly)}.`,
          }),
    };
  }

  #amount(value: number): string {
    return `${value.toFixed(2)} ${this.#currency}`;
  }
}

function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
