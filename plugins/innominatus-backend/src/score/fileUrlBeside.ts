/**
 * URL of a file beside another one of the same repository, or below its
 * folder. `path` is normalised and stays in that folder. Some hosts say the
 * path in the query.
 */
export function fileUrlBeside(fileUrl: string, path: string): string {
  const url = new URL(fileUrl);
  const parts = path.split('/');
  const queryPath = url.searchParams.get('path');
  if (queryPath !== null) {
    url.searchParams.set(
      'path',
      [...queryPath.split('/').slice(0, -1), ...parts].join('/'),
    );
  } else {
    url.pathname = [
      ...url.pathname.split('/').slice(0, -1),
      // A name such as "%2e%2e" is a name, not a way out.
      ...parts.map(encodeURIComponent),
    ].join('/');
  }
  return url.href;
}
