import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import {
  FileSource,
  FileSourceContent,
  MAX_FILE_SOURCES,
  MAX_FILE_SOURCES_BYTES,
  Workload,
  fileSourceProblem,
  listFileSources,
  normalizeFileSource,
  ReadScoreOptions,
  readScore,
  toFileSourceContent,
} from '@innominatus/backstage-plugin-innominatus-common';

const TOO_MUCH = `at most ${MAX_FILE_SOURCES} files with ${MAX_FILE_SOURCES_BYTES / 1024} KiB together are read. Put large files into the image, or onto a volume.`;

/**
 * Reads the files that a Score file names under `files.*.source`, from its own
 * folder and nowhere else: links that lead out of it are not followed. What is
 * wrong with the spec itself is not said here.
 */
export async function readFileSources(
  options: { text: string; file: string } & Pick<
    ReadScoreOptions,
    'overrides' | 'overrideProperties' | 'image'
  >,
): Promise<Record<string, FileSource> | undefined> {
  const { text, file, ...changes } = options;
  const { workload } = readScore(text, changes);
  return workload && readSourcesOf(workload, file);
}

/** Those that could be read; the problems of the others were shown. */
export function readableSources(
  sources: Record<string, FileSource> | undefined,
): Record<string, FileSourceContent> | undefined {
  return (
    sources &&
    Object.fromEntries(
      Object.entries(sources).filter(
        (entry): entry is [string, FileSourceContent] =>
          !('problem' in entry[1]),
      ),
    )
  );
}

async function readSourcesOf(
  workload: Workload,
  scoreFile: string,
): Promise<Record<string, FileSource> | undefined> {
  const sources = listFileSources(workload);
  if (sources.length === 0) {
    return undefined;
  }
  const found: Record<string, FileSource> = {};
  let left = MAX_FILE_SOURCES_BYTES;
  for (const [index, source] of sources.entries()) {
    if (scoreFile === '-') {
      found[source] = {
        problem: `The file "${source}" cannot be found: nobody knows where a Score spec from stdin lies. Name the Score file instead.`,
      };
    } else if (index >= MAX_FILE_SOURCES) {
      found[source] = {
        problem: `The file "${source}" is too much: ${TOO_MUCH}`,
      };
    } else {
      const read = await readSource(source, { scoreFile, left });
      left -= read.bytes;
      found[source] = read.source;
    }
  }
  return found;
}

type Read = { bytes: number; source: FileSource };

async function readSource(
  source: string,
  options: { scoreFile: string; left: number },
): Promise<Read> {
  const fail = (problem: string): Read => ({ bytes: 0, source: { problem } });
  const problem = fileSourceProblem(source);
  if (problem !== undefined) {
    return fail(problem);
  }
  const { scoreFile, left } = options;
  const folder = await realpath(path.dirname(scoreFile));
  const file = path.join(folder, normalizeFileSource(source));
  try {
    const real = await realpath(file);
    const relative = path.relative(folder, real);
    if (
      path.isAbsolute(relative) ||
      fileSourceProblem(relative.split(path.sep).join('/')) !== undefined
    ) {
      return fail(`The file "${source}" is a link that leaves its folder.`);
    }
    const bytes = await readAtMost(real, left);
    if (bytes === undefined) {
      return fail(`"${source}" is no file.`);
    }
    return bytes.length > left
      ? fail(`The file "${source}" is too much: ${TOO_MUCH}`)
      : { bytes: bytes.length, source: toFileSourceContent(bytes) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `The file "${source}" does not exist next to "${scoreFile}".`
        : `The file "${source}" cannot be read (${code ?? 'unknown error'}).`,
    );
  }
}

/** One byte more than allowed tells, however the size was reported. */
async function readAtMost(
  file: string,
  limit: number,
): Promise<Uint8Array | undefined> {
  const handle = await open(file, 'r');
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      return undefined;
    }
    const buffer = Buffer.alloc(Math.min(stat.size, limit) + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
