/** Which commit of a repository is meant. */
export type GitRef =
  | { type: 'head' }
  | { type: 'branch'; name: string }
  | { type: 'tag'; name: string }
  | { type: 'commit'; id: string }
  /** A branch, else a tag. */
  | { type: 'any'; name: string };

const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const NAME = /^[A-Za-z0-9_][\w./+@#-]{0,249}$/;

export function isCommitId(text: string): boolean {
  return COMMIT.test(text);
}

/** What Git takes for a name of a branch or tag, and nothing that it takes for an option. */
export function isRefName(text: string): boolean {
  return NAME.test(text) && !/\.\.|\/\/|@\{|\/\.|\.lock(\/|$)|[./]$/.test(text);
}

/** Reads what a person wrote: the id of a commit, or the name of a branch or tag. */
export function parseGitRef(text: string): GitRef | undefined {
  if (isCommitId(text)) {
    return { type: 'commit', id: text };
  }
  return isRefName(text) ? { type: 'any', name: text } : undefined;
}

/** Full names on the server, the best one first. */
export function remoteNames(
  ref: Exclude<GitRef, { type: 'commit' }>,
): string[] {
  switch (ref.type) {
    case 'head':
      return ['HEAD'];
    case 'branch':
      return [`refs/heads/${ref.name}`];
    case 'tag':
      return [`refs/tags/${ref.name}`];
    default:
      return [`refs/heads/${ref.name}`, `refs/tags/${ref.name}`];
  }
}

export function refText(ref: GitRef): string {
  switch (ref.type) {
    case 'head':
      return 'the default branch';
    case 'branch':
      return `the branch "${ref.name}"`;
    case 'tag':
      return `the tag "${ref.name}"`;
    case 'commit':
      return `the commit ${ref.id}`;
    default:
      return `a branch or tag "${ref.name}"`;
  }
}
