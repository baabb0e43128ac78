import {
  Diagnostic,
  LoadedGoldenPath,
  hasErrors,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import { problemsByName } from '../definitions/problemsByName';

/** A golden path as its files are: in use, in use as it was, or refused. */
export interface GoldenPathEntry {
  name: string;
  state: 'active' | 'lastGood' | 'refused';
  /** Of what is in use as it was: when that was read. */
  lastGoodAt?: string;
  problems: Diagnostic[];
  source?: string;
  /** Missing when there never was a good version. */
  goldenPath?: LoadedGoldenPath;
}

/** All golden paths, and those that never were good, so that people find out why. */
export function goldenPathEntries(
  registry: DefinitionRegistry,
): GoldenPathEntry[] {
  const inUse = registry.goldenPaths().map(goldenPath => ({
    name: goldenPath.metadata.name,
    source: goldenPath.source,
    goldenPath,
  }));
  const names = new Set(inUse.map(({ name }) => name));
  const problems = problemsByName(registry, { kind: 'GoldenPath', inUse });
  return [
    ...inUse.map(item => ({
      ...item,
      state: registry.isLastGood('GoldenPath', item.name)
        ? ('lastGood' as const)
        : ('active' as const),
      lastGoodAt: registry.lastGoodAt('GoldenPath', item.name),
      problems: problems.get(item.name)?.diagnostics ?? [],
    })),
    ...[...problems]
      .filter(
        ([name, { diagnostics }]) => !names.has(name) && hasErrors(diagnostics),
      )
      .map(([name, { file, diagnostics }]) => ({
        name,
        source: file,
        state: 'refused' as const,
        problems: diagnostics,
      })),
  ];
}
