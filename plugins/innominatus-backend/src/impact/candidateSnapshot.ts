import { InputError, NotFoundError } from '@backstage/errors';
import {
  Definitions,
  ImpactRequest,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionFile } from '@innominatus/backstage-plugin-innominatus-node';
import { version } from '../../package.json';
import { DefinitionRegistry, DefinitionSnapshot } from '../definitions';
import { LocationReader } from '../definitions/LocationReader';
import { combineLocations } from '../definitions/combineLocations';
import { nameOf } from '../definitions/definitionKinds';
import { LocationContent, loadFiles } from '../definitions/loadFiles';

export type CandidateRequest = Pick<
  ImpactRequest,
  'location' | 'ref' | 'files'
>;

const KINDS = [
  'environments',
  'providers',
  'goldenPaths',
  'workflows',
] as const;

/** What would be in use, and all that is wrong with it. */
export async function candidateSnapshot(
  registry: DefinitionRegistry,
  request: CandidateRequest,
): Promise<DefinitionSnapshot> {
  const reader = findReader(registry, request.location);
  const content = loadFiles({
    location: reader?.key ?? 'candidate',
    files: await readFiles(reader, request),
    compile: registry.compileOptions(),
    previous: undefined,
  });
  const contents = registry.locations().flatMap(other => {
    if (other === reader) {
      return content;
    }
    if (!other.content) {
      return [];
    }
    return reader ? other.content : without(other.content, content.definitions);
  });
  return combineLocations({
    contents: reader ? contents : [content, ...contents],
    version,
  });
}

function findReader(
  registry: DefinitionRegistry,
  target: string | undefined,
): LocationReader | undefined {
  if (target === undefined) {
    return undefined;
  }
  const reader = registry
    .locations()
    .find(({ location }) => location.target === target);
  if (!reader) {
    throw new NotFoundError(
      `There is no location "${target}". See all with: innominatus locations list`,
    );
  }
  return reader;
}

async function readFiles(
  reader: LocationReader | undefined,
  { ref, files }: CandidateRequest,
): Promise<DefinitionFile[]> {
  if ((ref === undefined) === (files === undefined)) {
    throw new InputError(
      'Say which definitions are meant: expected one of "ref" with "location", and "files".',
    );
  }
  if (files) {
    return files;
  }
  const location = reader?.location;
  if (!location?.readRef) {
    throw new InputError(
      location
        ? `The location "${location.target}" has no branches. Send its files in "files".`
        : 'The "ref" needs the "location" that it belongs to.',
    );
  }
  return location.readRef(ref!, { signal: AbortSignal.timeout(120_000) });
}

/** What files replace is left out of where it is defined now. */
function without(
  content: LocationContent,
  replaced: Definitions,
): LocationContent {
  const definitions = { ...content.definitions };
  for (const kind of KINDS) {
    const names = new Set(replaced[kind].map(nameOf));
    (definitions as Record<string, unknown>)[kind] = content.definitions[
      kind
    ].filter(item => !names.has(nameOf(item)));
  }
  // What is wrong with files that stay as they are is known already.
  return { ...content, definitions, problems: [] };
}
