import { ScoreDocument, Workload } from './workload';

/**
 * What a file that a Score spec names under `source` holds: text, or bytes in
 * standard base64 when they are no text.
 *
 * @public
 */
export type FileSourceContent = { content: string } | { binaryContent: string };

/**
 * The same, or one sentence on why it could not be read.
 *
 * @public
 */
export type FileSource = FileSourceContent | { problem: string };

/** Files that the `source` of one Score spec may name. @public */
export const MAX_FILE_SOURCES = 100;

/**
 * Bytes of all such files of one Score spec together. They become part of the
 * spec, so that a revision can be deployed again later, and a spec has a limit
 * of its own.
 *
 * @public
 */
export const MAX_FILE_SOURCES_BYTES = 512 * 1024;

/**
 * The paths under `files.*.source`, each once, sorted.
 *
 * @public
 */
export function listFileSources(
  workload: Pick<Workload, 'containers'>,
): string[] {
  const paths = Object.values(workload.containers).flatMap(({ files }) =>
    Object.values(files).flatMap(({ source }) => source ?? []),
  );
  return [...new Set(paths)].sort();
}

/**
 * Says in one sentence why a path may not be read, or nothing when it may. A
 * source is relative to the Score file and lies in its folder or below, on
 * every system and in every kind of repository.
 *
 * @public
 */
export function fileSourceProblem(source: string): string | undefined {
  const label = `The file source "${source}" must be a relative path within the Score file's directory`;
  // Backslashes, homes and drive letters mean the same on some systems only,
  // and control characters nothing good on any.
  if (
    /[\\\p{Cc}]/u.test(source) ||
    /^~|^[A-Za-z][A-Za-z0-9+.-]*:/.test(source)
  ) {
    return `${label}, with "/" between its parts.`;
  }
  const path = normalizeFileSource(source);
  if (source.startsWith('/') || path === '..' || path.startsWith('../')) {
    return `${label}.`;
  }
  // Some file systems take no account of case and of dots at the end.
  if (path.split('/').some(part => /^\.git[. ]*$/i.test(part))) {
    return `${label}, but not in the data of Git, which may hold credentials.`;
  }
  return path === ''
    ? `${label}, but it names the directory itself.`
    : undefined;
}

/**
 * The path without `.`, `..` and empty parts; a leading `../` stays when it
 * leaves the folder.
 *
 * @public
 */
export function normalizeFileSource(source: string): string {
  const parts: string[] = [];
  for (const part of source.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/');
}

/**
 * Makes what a file holds fit into a Score spec. Bytes that are not UTF-8 stay
 * exactly as they are, and hold no placeholders.
 *
 * @public
 */
export function toFileSourceContent(bytes: Uint8Array): FileSourceContent {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const content = decoder.decode(bytes);
    // YAML has no way to write this one, and no text file has it.
    if (!content.includes('\u0000')) {
      return { content };
    }
  } catch {
    // No text.
  }
  let binary = '';
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return { binaryContent: btoa(binary) };
}

/**
 * Puts the contents in the place of the paths; what has none stays as it is.
 *
 * @public
 */
export function withFileSources(
  document: ScoreDocument,
  sources: Record<string, FileSource>,
): ScoreDocument {
  const contentOf = (source: string | undefined) => {
    const found =
      source !== undefined && Object.hasOwn(sources, source)
        ? sources[source]
        : undefined;
    return found && !('problem' in found) ? found : undefined;
  };
  return {
    ...document,
    containers: mapValues(document.containers, container => ({
      ...container,
      ...(container.files && {
        files: mapValues(container.files, file => {
          const { source, ...rest } = file;
          const content = contentOf(source);
          return content ? { ...rest, ...content } : file;
        }),
      }),
    })),
  };
}

function mapValues<T>(
  record: Record<string, T>,
  map: (value: T) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, map(value)]),
  );
}
