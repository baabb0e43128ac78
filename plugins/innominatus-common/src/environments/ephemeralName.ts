import { shortHash } from '../manifests/shortHash';

const LONGEST = 40;

/**
 * Names for the environment of a branch or pull request, the nicest first; the
 * last one is never shared with another branch.
 *
 * @public
 */
export function ephemeralNames(source: {
  from: string;
  project?: string;
  branch?: string;
  pullRequest?: number;
}): string[] {
  const { branch, project, pullRequest } = source;
  const words = [
    project,
    pullRequest === undefined ? branch : `pr-${pullRequest}`,
  ].filter(word => word !== undefined);
  const plain = words.join('-');
  const slug = plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  const hash = shortHash([ephemeralKey(source)]);
  const unique = slug === '' ? `env-${hash}` : `${slug}-${hash}`;
  return slug === plain ? [slug, unique] : [unique];
}

/**
 * The same for the same branch or pull request of the same project, and for no
 * other.
 *
 * @public
 */
export function ephemeralKey(source: {
  from: string;
  project?: string;
  branch?: string;
  pullRequest?: number;
}): string {
  const { from, project, branch, pullRequest } = source;
  return JSON.stringify([
    from,
    project ?? null,
    pullRequest === undefined ? ['branch', branch] : ['pr', pullRequest],
  ]);
}
