import { JsonObject, JsonValue } from '../json';
import { parseQuantity } from '../manifests/quantity';
import { ParameterPrice, ResourcePrice } from './types';

/**
 * What a resource costs per month. A parameter that is not known yet, or has
 * a value without a price, adds nothing.
 *
 * @public
 */
export function priceOf(price: ResourcePrice, params: JsonObject): number {
  const parts = Object.entries(price.params ?? {}).map(([name, rule]) =>
    Object.hasOwn(params, name) ? added(rule, params[name]) : 0,
  );
  return round(parts.reduce((sum, part) => sum + part, price.monthly));
}

/** To the cent; sums of fractions would show their last digits otherwise. */
function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function added(rule: ParameterPrice, value: JsonValue): number {
  if (isPerUnit(rule)) {
    const amount = amountOf(value, rule.unit);
    // Less than nothing would pay for what costs too much.
    return amount === undefined ? 0 : rule.each * Math.max(0, amount);
  }
  const key = String(value);
  return Object.hasOwn(rule, key) ? rule[key] : 0;
}

function isPerUnit(
  rule: ParameterPrice,
): rule is { each: number; unit?: 'Mi' | 'Gi' | 'Ti' } {
  return typeof rule.each === 'number';
}

/** A plain number counts units already; `20Gi` and `20GiB` say their own. */
function amountOf(
  value: JsonValue,
  unit: 'Mi' | 'Gi' | 'Ti' | undefined,
): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : undefined;
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  const text = value.trim().replace(/([KMGTPE]i?)B$/, '$1');
  const amount = parseQuantity(text);
  if (amount === undefined || unit === undefined || /^[\d.]+$/.test(text)) {
    return amount;
  }
  return amount / (parseQuantity(`1${unit}`) ?? 1);
}
