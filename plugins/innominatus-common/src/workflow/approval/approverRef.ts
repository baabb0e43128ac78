const REF =
  /^(user|group):(?:([a-z0-9]+(?:[-_.][a-z0-9]+)*)\/)?([a-z0-9]+(?:[-_.][a-z0-9]+)*)$/i;

/**
 * Brings the entity ref of a user or group into its full, lower-case form; the
 * namespace is `default` when it is left out. Answers `undefined` for anything
 * else.
 *
 * @public
 */
export function readApproverRef(text: string): string | undefined {
  const found = REF.exec(text.trim());
  return found
    ? `${found[1]}:${found[2] ?? 'default'}/${found[3]}`.toLowerCase()
    : undefined;
}
