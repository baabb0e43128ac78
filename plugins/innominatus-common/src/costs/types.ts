/**
 * What a parameter adds: a price for each value, or one for each unit.
 *
 * @public
 */
export type ParameterPrice =
  Record<string, number> | { each: number; unit?: 'Mi' | 'Gi' | 'Ti' };

/**
 * Price of a resource type, per month.
 *
 * @public
 */
export interface ResourcePrice {
  /** What each resource costs, whatever its parameters say. */
  monthly: number;
  /** What its parameters add, by their names. */
  params?: Record<string, ParameterPrice>;
}

/**
 * A price that holds for resources of a type, whoever provides them.
 *
 * @public
 */
export interface PriceListEntry extends ResourcePrice {
  type: string;
  /** Any class without it. */
  class?: string;
}

/**
 * What an environment may cost.
 *
 * @public
 */
export interface Budget {
  /** Of all its applications together, per month. */
  monthly: number;
  /** What happens to a deployment that goes beyond it. Default `warn`. */
  onExceed: 'warn' | 'block';
}
