import {
  DefinitionProblems,
  Definitions,
  LoadedGoldenPath,
  LoadedProvider,
  ProviderConflict,
  RESOURCE_OPERATIONS,
  WorkflowDocument,
  findConflicts,
  joinJsonPointer,
} from '@innominatus/backstage-plugin-innominatus-common';
import { needsApplication } from '../goldenPaths/goldenPathViews';
import { checkProvider, doubtsAbout, providerProblem } from './checkProvider';
import { definitionKey } from './definitionKey';
import { emptyDefinitions, nameOf } from './definitionKinds';
import { originOf, setOrigin } from './definitionOrigin';
import { definitionProblem } from './definitionProblem';
import { LocationContent } from './loadFiles';
import { DefinitionSnapshot } from './types';

export interface CombineLocationsOptions {
  contents: LocationContent[];
  /** What was in use before. */
  previous?: DefinitionSnapshot;
  /** Version of innominatus. */
  version: string;
}

/**
 * Puts the locations together and checks what no single file can show: names
 * that are used twice, workflows that do not exist, outputs that nobody gives,
 * versions that do not fit, providers that claim the same resources.
 *
 * A provider that fails here and was good before stays in use as it was.
 */
export function combineLocations(
  options: CombineLocationsOptions,
): DefinitionSnapshot {
  const { contents } = options;
  const problems = contents.flatMap(content => content.problems);
  const definitions = emptyDefinitions();
  const lastGood = new Set<string>();
  for (const content of contents) {
    const add = <T extends { source?: string; document?: WorkflowDocument }>(
      kind: string,
      into: T[],
      from: T[],
      toName: (item: T) => string,
    ) => {
      for (const item of from) {
        const name = toName(item);
        const other = into.find(known => toName(known) === name);
        if (other) {
          problems.push(
            definitionProblem({
              kind,
              name,
              file: item.source,
              locate: item.document?.locate ?? (() => undefined),
              pointer: '/metadata/name',
              code: 'DEFINITION_DUPLICATE',
              message: `The ${kind} "${name}" is already defined in "${other.source}". Names must differ; this one is not used.`,
            }),
          );
          continue;
        }
        into.push(item);
        const key = definitionKey(kind, name);
        if (content.lastGood.has(key)) {
          lastGood.add(key);
        }
      }
    };
    const { definitions: more } = content;
    add('Environment', definitions.environments, more.environments, nameOf);
    add('Provider', definitions.providers, more.providers, nameOf);
    add(
      'GoldenPath',
      definitions.goldenPaths,
      more.goldenPaths
        .filter(path => hasNoForbiddenSecrets(path, problems))
        .map(path => checkSchedule(path, problems)),
      nameOf,
    );
    add('Workflow', definitions.workflows, more.workflows, nameOf);
    add('Policy', definitions.policies, more.policies, nameOf);
  }
  definitions.environments.sort(
    (a, b) => a.order - b.order || (a.name < b.name ? -1 : 1),
  );
  const snapshot = { definitions, problems, conflicts: [], lastGood };
  keepGoodProviders(snapshot, options);
  problems.push(
    ...definitions.providers.flatMap(provider =>
      doubtsAbout(provider, definitions),
    ),
  );
  return { ...snapshot, conflicts: reportConflicts(snapshot) };
}

function keepGoodProviders(
  { definitions, problems, lastGood }: DefinitionSnapshot,
  { previous, version }: CombineLocationsOptions,
): void {
  const check = (provider: LoadedProvider) =>
    checkProvider(provider, { definitions, version });
  definitions.providers = definitions.providers.flatMap(provider => {
    const found = check(provider);
    problems.push(...found);
    if (found.length === 0) {
      return [provider];
    }
    const before = previous?.definitions.providers.find(
      ({ name }) => name === provider.name,
    );
    if (!before) {
      return [];
    }
    if (check(before).length > 0) {
      for (const name of restoreWorkflows(before, definitions, previous)) {
        lastGood.add(definitionKey('Workflow', name));
      }
    }
    if (check(before).length > 0) {
      return [];
    }
    lastGood.add(definitionKey('Provider', before.name));
    return [before];
  });
}

/** Puts the workflows of a provider back as they were when it was good. */
function restoreWorkflows(
  provider: LoadedProvider,
  { workflows }: Definitions,
  previous: DefinitionSnapshot | undefined,
): string[] {
  const names = new Set(
    provider.resourceTypes.flatMap(({ operations }) =>
      RESOURCE_OPERATIONS.flatMap(name => operations[name].workflow ?? []),
    ),
  );
  const restored =
    previous?.definitions.workflows.filter(({ name }) => names.has(name)) ?? [];
  for (const workflow of restored) {
    const index = workflows.findIndex(({ name }) => name === workflow.name);
    workflows.splice(index < 0 ? workflows.length : index, 1, workflow);
  }
  return restored.map(({ name }) => name);
}

function reportConflicts({
  definitions,
  problems,
}: DefinitionSnapshot): ProviderConflict[] {
  const conflicts = findConflicts(definitions.providers);
  for (const { matches, message } of conflicts) {
    for (const provider of definitions.providers) {
      const declared = matches.find(match => match.provider === provider);
      if (declared) {
        const index = provider.resourceTypes.indexOf(declared.resourceType);
        problems.push(
          providerProblem(provider, {
            pointer: `/spec/resourceTypes/${index}`,
            code: 'PROVIDER_CONFLICT',
            message,
          }),
        );
      }
    }
  }
  return conflicts;
}

/** What a deployment was made with is kept with it, to be made again. */
function hasNoForbiddenSecrets(
  goldenPath: LoadedGoldenPath,
  problems: DefinitionProblems[],
): boolean {
  const { document, source, metadata, parameters } = goldenPath;
  const secret = parameters.find(parameter => parameter.secret);
  if (!secret || !needsApplication(goldenPath)) {
    return true;
  }
  problems.push(
    definitionProblem({
      kind: 'GoldenPath',
      name: metadata.name,
      file: source,
      locate: document.locate,
      pointer: joinJsonPointer('/spec/parameters', secret.name),
      code: 'PARAMETER_SECRET_OF_WORKLOAD',
      message: `The parameter "${secret.name}" is secret, but "${metadata.name}" works on a workload, and the parameters of a deployment are kept to be used again. Let a resource with a sensitive output give the secret.`,
    }),
  );
  return false;
}

/** Which workload, and on whose behalf, nobody could say for a schedule. */
function checkSchedule(
  goldenPath: LoadedGoldenPath,
  problems: DefinitionProblems[],
): LoadedGoldenPath {
  if (!goldenPath.schedule || !needsApplication(goldenPath)) {
    return goldenPath;
  }
  const { document, source, metadata } = goldenPath;
  problems.push(
    definitionProblem({
      kind: 'GoldenPath',
      name: metadata.name,
      file: source,
      locate: document.locate,
      pointer: '/spec/schedule',
      code: 'SCHEDULE_NEEDS_WORKLOAD',
      message: `The golden path "${metadata.name}" works on a workload and cannot be started by a schedule. Its schedule is not used; move what has to be repeated into a golden path that needs no workload.`,
    }),
  );
  return setOrigin(
    { ...goldenPath, schedule: undefined },
    originOf(goldenPath),
  );
}
