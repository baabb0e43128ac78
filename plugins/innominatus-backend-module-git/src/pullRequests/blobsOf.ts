import { GitRepository } from '../git/GitRepository';

/** Ids of what stands at paths of a commit; what is not there is left out. */
export async function blobsOf(
  repository: GitRepository,
  commit: string,
  paths: string[],
): Promise<Map<string, string>> {
  if (paths.length === 0) {
    return new Map();
  }
  const { stdout } = await repository.must('Reading the files', [
    'ls-tree',
    '-r',
    '-z',
    commit,
    '--',
    ...paths,
  ]);
  return new Map(
    stdout.split('\0').flatMap((entry): Array<[string, string]> => {
      const [info, path] = entry.split('\t');
      const id = info.split(' ')[2];
      return path && id ? [[path, id]] : [];
    }),
  );
}
