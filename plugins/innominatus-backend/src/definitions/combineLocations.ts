import {
  DefinitionProblems,
  Definitions,
  Diagnostic,
  LoadedGoldenPath,
  ProviderDefinition,
  RESOURCE_OPERATIONS,
  findConflicts,
} from '@innominatus/backstage-plugin-innominatus-common';
import { needsApplication } from '../goldenPaths/goldenPathViews';
import { LocationContent, emptyDefinitions, nameOf } from './loadFiles';
import { checkParameterSchema } from './parameterSchemas';
import { DefinitionSnapshot } from './types';

/**
 * Puts the locations together and checks what no single file can show: names
 * that are used twice, workflows that do not exist, outputs that nobody gives,
 * providers that claim the same resources.
 */
export function combineLocations(
  contents: LocationContent[],
): DefinitionSnapshot {
  const problems = contents.flatMap(content => content.problems);
  const definitions = emptyDefinitions();
  for (const content of contents) {
    const add = <T extends { source?: string }>(
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
            problem({
              kind,
              name,
              file: item.source,
              code: 'DEFINITION_DUPLICATE',
              message: `The ${kind} "${name}" is already defined in "${other.source}". Names must differ; this one is not used.`,
            }),
          );
        } else {
          into.push(item);
        }
      }
    };
    const { definitions: more } = content;
    add('Environment', definitions.environments, more.environments, nameOf);
    add('Provider', definitions.providers, more.providers, nameOf);
    add(
      'GoldenPath',
      definitions.goldenPaths,
      more.goldenPaths.map(path => checkSchedule(path, problems)),
      nameOf,
    );
    add('Workflow', definitions.workflows, more.workflows, nameOf);
  }
  definitions.environments.sort(
    (a, b) => a.order - b.order || (a.name < b.name ? -1 : 1),
  );
  definitions.providers = definitions.providers.filter(provider => {
    const found = checkProvider(provider, definitions);
    problems.push(...found);
    return found.length === 0;
  });
  const conflicts = findConflicts(definitions.providers);
  for (const conflict of conflicts) {
    const providers = new Set(conflict.matches.map(match => match.provider));
    for (const provider of providers) {
      problems.push(
        providerProblem(provider, 'PROVIDER_CONFLICT', conflict.message),
      );
    }
  }
  return { definitions, problems, conflicts };
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
    problem({
      kind: 'GoldenPath',
      name: metadata.name,
      file: source,
      line: document.locate('/spec/schedule', 'key')?.line,
      code: 'SCHEDULE_NEEDS_WORKLOAD',
      message: `The golden path "${metadata.name}" works on a workload and cannot be started by a schedule. Its schedule is not used; move what has to be repeated into a golden path that needs no workload.`,
    }),
  );
  return { ...goldenPath, schedule: undefined };
}

function checkProvider(
  provider: ProviderDefinition,
  definitions: Definitions,
): DefinitionProblems[] {
  const problems: DefinitionProblems[] = [];
  for (const resourceType of provider.resourceTypes) {
    const { type, parameters } = resourceType;
    const invalid = parameters && checkParameterSchema(parameters);
    if (invalid) {
      problems.push(
        providerProblem(
          provider,
          'PROVIDER_SCHEMA_INVALID',
          `The parameters of the resource type "${type}" are no JSON Schema: ${invalid}`,
        ),
      );
    }
    for (const operation of RESOURCE_OPERATIONS) {
      const name = resourceType.operations[operation].workflow;
      const workflow = definitions.workflows.find(item => item.name === name);
      if (name !== undefined && !workflow) {
        problems.push(
          providerProblem(
            provider,
            'PROVIDER_WORKFLOW_MISSING',
            `The operation "${operation}" of the resource type "${type}" names the workflow "${name}", which is not there or has errors. Add a "kind: Workflow" with this name.`,
          ),
        );
      }
      const missing = resourceType.outputs.filter(
        output =>
          workflow &&
          operation !== 'delete' &&
          !Object.hasOwn(workflow.definition.outputs, output.name),
      );
      if (missing.length > 0) {
        const names = missing.map(output => `"${output.name}"`).join(', ');
        problems.push(
          providerProblem(
            provider,
            'PROVIDER_OUTPUT_MISSING',
            `The resource type "${type}" declares ${names}, but the workflow "${name}" has no such output. Add it to "spec.outputs" of the workflow.`,
          ),
        );
      }
    }
  }
  return problems;
}

function providerProblem(
  provider: ProviderDefinition,
  code: string,
  message: string,
): DefinitionProblems {
  return problem({
    kind: 'Provider',
    name: provider.name,
    file: provider.source,
    line: provider.line,
    code,
    message,
  });
}

function problem(options: {
  kind: string;
  name: string;
  file?: string;
  line?: number;
  code: string;
  message: string;
}): DefinitionProblems {
  const { kind, name, file, line = 1, code, message } = options;
  const diagnostic: Diagnostic = {
    severity: 'error',
    code,
    message,
    pointer: '',
    line,
    column: 1,
    suggestions: [],
    file,
  };
  return { kind, name, file, diagnostics: [diagnostic] };
}
