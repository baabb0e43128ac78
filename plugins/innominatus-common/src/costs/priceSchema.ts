import { z } from 'zod';

const amount = z.number().min(0).max(1e9);

const perUnit = z.strictObject({
  each: amount,
  unit: z.enum(['Mi', 'Gi', 'Ti']).optional(),
});

const byValue = z.record(z.string().max(128), amount);

/** Keys of {@link priceSchema}, for lists of prices. */
export const priceShape = {
  monthly: amount.default(0),
  params: z.record(z.string().max(128), z.union([perUnit, byValue])).optional(),
};

/** What a provider says a resource costs. */
export const priceSchema = z.strictObject(priceShape);

/** What an environment may cost. */
export const budgetSchema = z.strictObject({
  monthly: amount,
  onExceed: z.enum(['warn', 'block']).default('warn'),
});
