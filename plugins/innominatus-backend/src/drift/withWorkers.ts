/**
 * Lets some workers take one piece of work after the other, until there is none;
 * so the slow do not hold up the quick.
 */
export async function withWorkers(
  count: number,
  /** Answers whether there was something to do. */
  next: () => Promise<boolean>,
): Promise<void> {
  const work = async () => {
    while (await next());
  };
  await Promise.all(Array.from({ length: count }, work));
}
