import { z } from 'zod';
import { priceShape } from './priceSchema';
import { PriceListEntry } from './types';

const schema = z.strictObject({
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected the three letters of a currency')
    .optional(),
  prices: z
    .array(
      z.strictObject({
        type: z.string().min(1).max(128),
        class: z.string().max(128).optional(),
        ...priceShape,
      }),
    )
    .max(1000)
    .optional(),
});

/**
 * Reads the price list of a platform. Tells the first problem, if there is
 * one, and the path of what is wrong.
 *
 * @public
 */
export function readPrices(
  value: unknown,
):
  | { currency?: string; prices?: PriceListEntry[] }
  | { problem: string; path: string } {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data as { currency?: string; prices?: PriceListEntry[] };
  }
  const [{ message, path }] = result.error.issues;
  return {
    problem: message,
    path: path
      .map(part =>
        typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
      )
      .join(''),
  };
}
