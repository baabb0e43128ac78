/**
 * Names of the steps of the items: made of letters, digits, `-` and `_` as
 * every step name, so that they fit into addresses, keys and logs unchanged.
 */
export function itemStepNames(step: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${step}-${i}`);
}

/** Name of the step whose item would have this name, if there is one. */
export function parentOfItemName(name: string): string | undefined {
  return /^(.+)-\d+$/.exec(name)?.[1];
}
