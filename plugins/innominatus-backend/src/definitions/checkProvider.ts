import {
  DefinitionProblems,
  Definitions,
  JsonObject,
  LoadedProvider,
  ProviderResourceType,
  RESOURCE_OPERATIONS,
  managementDoubts,
} from '@innominatus/backstage-plugin-innominatus-common';
import { satisfies, validRange } from 'semver';
import { checkJsonSchema } from './parameterSchemas';
import { definitionProblem } from './definitionProblem';

export interface CheckProviderOptions {
  definitions: Definitions;
  /** Version of innominatus. */
  version: string;
}

interface Finding {
  pointer: string;
  code: string;
  message: string;
  severity?: 'warning';
}

/** What no single file can show about a provider. */
export function checkProvider(
  provider: LoadedProvider,
  options: CheckProviderOptions,
): DefinitionProblems[] {
  const findings = [
    ...checkCompatibility(provider, options.version),
    ...provider.resourceTypes.flatMap((resourceType, index) => {
      const pointer = `/spec/resourceTypes/${index}`;
      return [
        ...checkSchemas(resourceType, pointer),
        ...checkWorkflows(resourceType, pointer, options.definitions),
      ];
    }),
  ];
  return findings.map(finding => providerProblem(provider, finding));
}

/** What looks wrong about a provider that is in use. */
export function doubtsAbout(
  provider: LoadedProvider,
  { workflows }: Definitions,
): DefinitionProblems[] {
  return managementDoubts(provider, name =>
    workflows.find(item => item.name === name),
  ).map(doubt => providerProblem(provider, { ...doubt, severity: 'warning' }));
}

export function providerProblem(
  provider: LoadedProvider,
  finding: Finding,
): DefinitionProblems {
  const { name, source, document } = provider;
  return definitionProblem({
    kind: 'Provider',
    name,
    file: source,
    locate: document.locate,
    ...finding,
  });
}

function checkCompatibility(
  { name, compatibility }: LoadedProvider,
  version: string,
): Finding[] {
  if (compatibility === undefined) {
    return [];
  }
  const pointer = '/spec/compatibility';
  if (validRange(compatibility) === null) {
    return [
      {
        pointer,
        code: 'PROVIDER_COMPATIBILITY_INVALID',
        message: `The value "${compatibility}" is no range of versions. Expected one such as ">=0.1.0 <1.0.0" or "^0.1.0".`,
      },
    ];
  }
  return satisfies(version, compatibility, { includePrerelease: true })
    ? []
    : [
        {
          pointer,
          code: 'PROVIDER_INCOMPATIBLE',
          message: `The provider "${name}" works with innominatus ${compatibility}, and this is ${version}. Install a version of the provider that fits.`,
        },
      ];
}

function checkSchemas(
  { type, parameters, outputs }: ProviderResourceType,
  pointer: string,
): Finding[] {
  const check = (schema: JsonObject | undefined, at: string, what: string) =>
    (schema ? checkJsonSchema(schema) : []).map(finding => ({
      pointer: `${at}${finding.pointer}`,
      code: 'PROVIDER_SCHEMA_INVALID',
      message: `${what} of the resource type "${type}" have no valid JSON Schema: ${finding.pointer === '' ? '' : `"${finding.pointer.slice(1)}" `}${finding.message}`,
    }));
  return [
    ...check(parameters, `${pointer}/parameters`, 'The parameters'),
    ...outputs.flatMap(({ name, schema }, index) =>
      check(
        schema,
        `${pointer}/outputs/${index}/schema`,
        `The values of the output "${name}"`,
      ),
    ),
  ];
}

function checkWorkflows(
  { type, outputs, operations, healthCheck }: ProviderResourceType,
  pointer: string,
  { workflows }: Definitions,
): Finding[] {
  const checking = healthCheck?.config.workflow;
  const unknown =
    checking !== undefined && !workflows.some(item => item.name === checking);
  const findings: Finding[] = unknown
    ? [
        {
          pointer: `${pointer}/healthCheck/config/workflow`,
          code: 'PROVIDER_WORKFLOW_MISSING',
          message: `The health check of the resource type "${type}" names the workflow "${checking}", which is not there or has errors. Add a "kind: Workflow" with this name.`,
        },
      ]
    : [];
  const ofOperations = RESOURCE_OPERATIONS.flatMap((operation): Finding[] => {
    const { workflow: name } = operations[operation];
    if (name === undefined) {
      return [];
    }
    const at = `${pointer}/operations/${operation}/workflow`;
    const workflow = workflows.find(item => item.name === name);
    if (!workflow) {
      return [
        {
          pointer: at,
          code: 'PROVIDER_WORKFLOW_MISSING',
          message: `The operation "${operation}" of the resource type "${type}" names the workflow "${name}", which is not there or has errors. Add a "kind: Workflow" with this name.`,
        },
      ];
    }
    const missing = outputs.filter(
      output =>
        operation !== 'delete' &&
        !Object.hasOwn(workflow.definition.outputs, output.name),
    );
    if (missing.length === 0) {
      return [];
    }
    const names = missing.map(output => `"${output.name}"`).join(', ');
    return [
      {
        pointer: at,
        code: 'PROVIDER_OUTPUT_MISSING',
        message: `The resource type "${type}" declares ${names}, but the workflow "${name}" has no such output. Add it to "spec.outputs" of the workflow.`,
      },
    ];
  });
  return [...findings, ...ofOperations];
}
