import {
  UrlReaderService,
  UrlReaderServiceReadUrlResponse,
} from '@backstage/backend-plugin-api';
import {
  ANNOTATION_LOCATION,
  Entity,
  parseLocationRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  ANNOTATION_SCORE_FILE,
  FileSource,
  MAX_FILE_SOURCES,
  MAX_FILE_SOURCES_BYTES,
  Workload,
  fileSourceProblem,
  listFileSources,
  normalizeFileSource,
  toFileSourceContent,
} from '@innominatus/backstage-plugin-innominatus-common';
import { fileUrlBeside } from './fileUrlBeside';

const TIMEOUT_MS = 30_000;

const TOO_MUCH = `at most ${MAX_FILE_SOURCES} files with ${MAX_FILE_SOURCES_BYTES / 1024} KiB together are read. Put large files into the image, or onto a volume.`;

/**
 * Reads the files that a Score spec of the catalog names under
 * `files.*.source`, from the repository the entity came from: from the folder
 * of the Score file, or below, and nowhere else. What may be read is decided by
 * `backend.reading.allow` and the integrations.
 */
export class CatalogFileSources {
  readonly #reader: UrlReaderService;

  static create(options: { urlReader: UrlReaderService }): CatalogFileSources {
    return new CatalogFileSources(options.urlReader);
  }

  private constructor(reader: UrlReaderService) {
    this.#reader = reader;
  }

  async read(
    entity: Entity,
    workload: Workload,
  ): Promise<Record<string, FileSource> | undefined> {
    const sources = listFileSources(workload);
    if (sources.length === 0) {
      return undefined;
    }
    const place = scoreFileUrl(entity);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const found: Record<string, FileSource> = {};
    let left = MAX_FILE_SOURCES_BYTES;
    for (const [index, source] of sources.entries()) {
      if ('problem' in place) {
        found[source] = {
          problem: `The file "${source}" cannot be read. ${place.problem}`,
        };
      } else if (index >= MAX_FILE_SOURCES) {
        found[source] = {
          problem: `The file "${source}" is too much: ${TOO_MUCH}`,
        };
      } else {
        const read = await this.#readSource(source, {
          scoreFile: place.url,
          left,
          signal,
        });
        left -= read.bytes;
        found[source] = read.source;
      }
    }
    return found;
  }

  async #readSource(
    source: string,
    options: { scoreFile: string; left: number; signal: AbortSignal },
  ): Promise<{ bytes: number; source: FileSource }> {
    const fail = (problem: string) => ({ bytes: 0, source: { problem } });
    const problem = fileSourceProblem(source);
    if (problem !== undefined) {
      return fail(problem);
    }
    const url = fileUrlBeside(options.scoreFile, normalizeFileSource(source));
    try {
      const response = await this.#reader.readUrl(url, {
        signal: options.signal,
      });
      const bytes = await readAtMost(response, options.left);
      return bytes.length > options.left
        ? fail(`The file "${source}" is too much: ${TOO_MUCH}`)
        : { bytes: bytes.length, source: toFileSourceContent(bytes) };
    } catch (error) {
      const { name } = error as Error;
      return fail(
        name === 'NotFoundError'
          ? `The file "${source}" does not exist in the repository of the Score file.`
          : `The file "${source}" cannot be read from the repository of the Score file (${name}).`,
      );
    }
  }
}

/** A little more than allowed tells that it is too much; the rest is not read. */
async function readAtMost(
  response: UrlReaderServiceReadUrlResponse,
  limit: number,
): Promise<Buffer> {
  if (!response.stream) {
    return response.buffer();
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.stream()) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > limit) {
      break;
    }
  }
  return Buffer.concat(chunks);
}

/** Where the Score file lies: the file of the entity, or one below its folder. */
function scoreFileUrl(entity: Entity): { url: string } | { problem: string } {
  const { annotations = {} } = entity.metadata;
  const ref = stringifyEntityRef(entity);
  const location = annotations[ANNOTATION_LOCATION];
  const { type, target } =
    location === undefined
      ? { type: undefined, target: '' }
      : parseLocationRef(location);
  if (type !== 'url') {
    return {
      problem: `The entity "${ref}" does not come from a repository (a location of the type "url"), so nobody knows where its Score file lies. Deploy with the command line from the folder of the Score file.`,
    };
  }
  const path = annotations[ANNOTATION_SCORE_FILE];
  if (path === undefined) {
    return { url: target };
  }
  return fileSourceProblem(path) === undefined
    ? { url: fileUrlBeside(target, normalizeFileSource(path)) }
    : {
        problem: `The annotation "${ANNOTATION_SCORE_FILE}" of "${ref}" is "${path}", expected a path relative to the file of the entity, such as "deploy/score.yaml".`,
      };
}
