const QUANTITY =
  /^(\d+(?:\.\d*)?|\.\d+)(?:([eE])([+-]?\d+)|(m|[kKMGTPE]|[KMGTPE]i))?$/;

const FACTORS: Record<string, number> = {
  m: 1e-3,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Reads a quantity such as `64Mi`, `250m` or `0.5`. */
export function parseQuantity(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, digits, exponential, exponent, suffix] = match;
  if (exponential !== undefined) {
    return Number(`${digits}e${exponent}`);
  }
  return Number(digits) * (suffix === undefined ? 1 : FACTORS[suffix]);
}

/** Score writes thousands with a capital K, Kubernetes with a small one. */
export function toKubernetesQuantity(text: string): string {
  return text.replace(/^([\d.]+)K$/, '$1k');
}
