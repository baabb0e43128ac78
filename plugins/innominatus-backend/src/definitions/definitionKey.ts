/** What tells definitions of a platform apart. */
export function definitionKey(kind: string, name: string): string {
  return `${kind}/${name}`;
}
