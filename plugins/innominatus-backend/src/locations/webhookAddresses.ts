const MAX_ADDRESSES = 20;
const KEYS = [
  'clone_url',
  'html_url',
  'ssh_url',
  'git_url',
  'git_http_url',
  'git_ssh_url',
  'homepage',
  'url',
];

/**
 * The repository that a push was made to, by all addresses that the body
 * names. Answers `undefined` when it names none.
 */
export function webhookAddresses(body: Buffer): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  const found = [property(value, 'repository'), property(value, 'project')]
    .flatMap(repository => KEYS.map(key => property(repository, key)))
    .filter(address => typeof address === 'string' && address !== '');
  const addresses = [...new Set(found as string[])].slice(0, MAX_ADDRESSES);
  return addresses.length > 0 ? addresses : undefined;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
