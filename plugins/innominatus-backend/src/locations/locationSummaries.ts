import {
  DefinitionLocationSummary,
  DefinitionSummary,
  Diagnostic,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import { definitionKey } from '../definitions/definitionKey';
import { LocationReader } from '../definitions/LocationReader';
import { nameOf } from '../definitions/definitionKinds';

const KINDS = {
  environments: 'Environment',
  providers: 'Provider',
  goldenPaths: 'GoldenPath',
  workflows: 'Workflow',
  policies: 'Policy',
} as const;

/** All locations with what they hold, and what of it is in use. */
export function locationSummaries(
  registry: DefinitionRegistry,
): DefinitionLocationSummary[] {
  return registry.locations().map(reader => {
    const { location, status } = reader;
    return {
      target: location.target,
      ref: location.ref,
      revision: location.revision?.(),
      state: status.state === 'never read' ? 'unread' : status.state,
      cached: status.isCached,
      error: status.error,
      checkedAt: toTime(status.checkedAt),
      readAt: toTime(status.readAt),
      definitions: summariesOf(reader, registry),
    };
  });
}

function summariesOf(
  { content }: LocationReader,
  registry: DefinitionRegistry,
): DefinitionSummary[] {
  if (!content) {
    return [];
  }
  const { definitions, lastGood, problems } = registry.snapshot();
  const found = new Map<string, DefinitionSummary>();
  const files = new Set<string | undefined>();
  for (const [key, kind] of Object.entries(KINDS)) {
    const inUse = definitions[key as keyof typeof KINDS];
    for (const item of content.definitions[key as keyof typeof KINDS]) {
      const name = nameOf(item);
      const used = inUse.find(other => nameOf(other) === name);
      const id = definitionKey(kind, name);
      files.add(item.source);
      let state: DefinitionSummary['state'] = 'refused';
      if (used?.source === item.source) {
        state = lastGood.has(id) ? 'lastGood' : 'active';
      }
      const lastGoodAt =
        state === 'lastGood' ? registry.lastGoodAt(kind, name) : undefined;
      found.set(`${id} ${item.source}`, {
        kind,
        name,
        source: item.source,
        state,
        lastGoodAt,
        problems: [],
      });
    }
  }
  for (const problem of content.problems) {
    files.add(problem.file);
  }
  for (const { kind, name, file, diagnostics } of problems) {
    if (!files.has(file)) {
      continue;
    }
    const key = `${definitionKey(kind ?? '', name ?? '')} ${file}`;
    const summary = found.get(key) ?? refused({ kind, name, file });
    summary.problems.push(...diagnostics);
    found.set(key, summary);
  }
  return [...found.values()];
}

function refused(options: {
  kind?: string;
  name?: string;
  file?: string;
}): DefinitionSummary & { problems: Diagnostic[] } {
  const { kind, name, file } = options;
  return { kind, name, source: file, state: 'refused', problems: [] };
}

function toTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
