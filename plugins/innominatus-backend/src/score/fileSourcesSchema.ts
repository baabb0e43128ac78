import {
  FileSourceContent,
  MAX_FILE_SOURCES,
  MAX_FILE_SOURCES_BYTES,
} from '@innominatus/backstage-plugin-innominatus-common';
import { z } from 'zod';

const contentSchema: z.ZodType<FileSourceContent> = z.union([
  z.strictObject({ content: z.string() }),
  z.strictObject({ binaryContent: z.base64() }),
]);

/** What the files of `files.*.source` hold, sent along with a Score spec. */
export const fileSourcesSchema = z
  .record(z.string().min(1).max(1024), contentSchema)
  .refine(sources => Object.keys(sources).length <= MAX_FILE_SOURCES, {
    message: `expected at most ${MAX_FILE_SOURCES} files`,
  })
  .refine(sources => bytesOf(sources) <= MAX_FILE_SOURCES_BYTES, {
    message: `expected at most ${MAX_FILE_SOURCES_BYTES / 1024} KiB together`,
  });

function bytesOf(sources: Record<string, FileSourceContent>): number {
  return Object.values(sources).reduce(
    (sum, source) =>
      sum +
      ('content' in source
        ? Buffer.byteLength(source.content)
        : Buffer.byteLength(source.binaryContent, 'base64')),
    0,
  );
}
