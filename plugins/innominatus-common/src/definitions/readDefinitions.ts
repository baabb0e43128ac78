import { Environment } from '../api/types';
import { Diagnostic, hasErrors } from '../diagnostics';
import {
  WorkflowDocument,
  readWorkflowDocuments,
} from '../workflow/compile/readWorkflowDocuments';
import { Report } from '../workflow/compile/report';
import { CompileOptions } from '../workflow/compile/options';
import {
  GoldenPathDefinition,
  compileGoldenPath,
} from '../workflow/goldenPath';
import { compileWorkflow } from '../workflow/compile/compileWorkflow';
import { JsonObject, JsonValue } from '../json';
import { ParameterDefinition } from '../workflow/parameters';
import { ScheduleDefinition } from '../workflow/schedule';
import { WorkflowDefinition } from '../workflow/types';
import { readPolicy } from '../policies/readPolicy';
import { PolicyDefinition } from '../policies/types';
import { readEnvironment } from './readEnvironment';
import { readProvider } from './readProvider';
import { LoadedProvider } from './types';

/**
 * A golden path and the document it was compiled from, so that it can be
 * compiled again for a workload whose resources are known.
 *
 * @public
 */
export interface LoadedGoldenPath extends GoldenPathDefinition {
  document: WorkflowDocument;
  source?: string;
}

/** @public */
export interface LoadedWorkflow {
  name: string;
  parameters: ParameterDefinition[];
  definition: WorkflowDefinition;
  title?: string;
  /** Entity ref. */
  owner?: string;
  category?: string;
  /** When it is started by itself. */
  schedule?: ScheduleDefinition;
  document: WorkflowDocument;
  source?: string;
}

/**
 * Everything that was read out of one or more files.
 *
 * @public
 */
export interface Definitions {
  environments: Environment[];
  providers: LoadedProvider[];
  goldenPaths: LoadedGoldenPath[];
  workflows: LoadedWorkflow[];
  policies: PolicyDefinition[];
}

/**
 * What is wrong with one document of a file.
 *
 * @public
 */
export interface DefinitionProblems {
  kind?: string;
  name?: string;
  file?: string;
  diagnostics: Diagnostic[];
}

/** @public */
export interface ReadDefinitionsResult {
  /** Only documents without errors. */
  definitions: Definitions;
  /** By document; also warnings of documents that are used. */
  problems: DefinitionProblems[];
  /** All diagnostics of the file in one list. */
  diagnostics: Diagnostic[];
}

/**
 * What the workflows of a file may use and ask for. Without step types they and
 * their config are not checked.
 *
 * @public
 */
export type DefinitionOptions = Pick<
  CompileOptions,
  'stepTypes' | 'maxSteps' | 'maxTimeoutMs' | 'maxStepTimeoutMs'
>;

const KINDS = ['Environment', 'Provider', 'GoldenPath', 'Workflow', 'Policy'];

/**
 * Reads every definition of a YAML file. Never throws; a document with errors
 * is left out and the others are still read.
 *
 * @public
 */
export function readDefinitions(
  text: string,
  options: {
    file?: string;
    /**
     * Environments are meant for the API, where they may end by themselves.
     * One that is defined in a file is there for as long as the file.
     */
    mayEnd?: boolean;
  } & DefinitionOptions = {},
): ReadDefinitionsResult {
  const definitions: Definitions = {
    environments: [],
    providers: [],
    goldenPaths: [],
    workflows: [],
    policies: [],
  };
  const problems: DefinitionProblems[] = [];
  for (const document of readWorkflowDocuments(text, { file: options.file })) {
    const diagnostics = [...document.diagnostics];
    if (!hasErrors(diagnostics) && document.value !== undefined) {
      diagnostics.push(...readDocument(document, definitions, options));
    }
    if (diagnostics.length > 0) {
      problems.push({
        kind: document.kind,
        name: document.name,
        file: options.file,
        diagnostics,
      });
    }
  }
  return {
    definitions,
    problems,
    diagnostics: problems.flatMap(problem => problem.diagnostics),
  };
}

function readDocument(
  document: WorkflowDocument,
  into: Definitions,
  options: DefinitionOptions & { mayEnd?: boolean },
): Diagnostic[] {
  const { stepTypes, maxSteps, maxTimeoutMs, maxStepTimeoutMs } = options;
  const bounds = { stepTypes, maxSteps, maxTimeoutMs, maxStepTimeoutMs };
  const report = Report.create({
    locate: document.locate,
    file: document.file,
  });
  const { locate, file } = document;
  switch (kindOf(document)) {
    case 'Environment': {
      const environment = readEnvironment(document, report, options);
      if (environment) {
        into.environments.push(environment);
      }
      return report.diagnostics;
    }
    case 'Provider': {
      const provider = readProvider(document, report);
      if (provider) {
        into.providers.push(provider);
      }
      return report.diagnostics;
    }
    case 'Policy': {
      const policy = readPolicy(document, report);
      if (policy) {
        into.policies.push(policy);
      }
      return report.diagnostics;
    }
    case 'GoldenPath': {
      const { goldenPath, diagnostics } = compileGoldenPath(document.value, {
        ...bounds,
        locate,
        file,
      });
      if (goldenPath) {
        into.goldenPaths.push({ ...goldenPath, document, source: file });
      }
      return diagnostics;
    }
    case 'Workflow': {
      const { definition, parameters, schedule, metadata, diagnostics } =
        compileWorkflow(document.value, {
          ...bounds,
          locate,
          file,
          parameters: declaresParameters(document) ? ['resource'] : undefined,
        });
      if (definition) {
        into.workflows.push({
          name: definition.name,
          parameters,
          definition,
          title: textOf(metadata.title),
          owner: textOf(metadata.owner),
          category: textOf(metadata.category),
          schedule,
          document,
          source: file,
        });
      }
      return diagnostics;
    }
    default:
      if (document.kind === undefined && isGoldenPathList(document)) {
        report.error(
          'DEFINITION_EARLIER_FORM',
          '/goldenpaths',
          'A list of golden paths in the earlier form is not read in place.',
          [
            `Run "innominatus migrate ${file ?? 'goldenpaths.yaml'} --write": each becomes a document of "kind: GoldenPath".`,
          ],
        );
        return report.diagnostics;
      }
      report.error(
        'DEFINITION_KIND',
        '/kind',
        document.kind === undefined
          ? `The document has no "kind". Expected one of ${KINDS.join(', ')}.`
          : `The kind "${document.kind}" is not known. Expected one of ${KINDS.join(', ')}.`,
      );
      return report.diagnostics;
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The forms of earlier files say `kind` differently or not at all. */
function kindOf(document: WorkflowDocument): string | undefined {
  const { kind, value } = document;
  const isLegacy =
    kind === 'PlatformWorkflow' ||
    kind === 'ProductWorkflow' ||
    (kind === undefined &&
      typeof value === 'object' &&
      value !== null &&
      Object.hasOwn(value, 'steps'));
  return isLegacy ? 'Workflow' : kind;
}

/** Workflows of providers get the resource as one more parameter. */
function declaresParameters({ value }: WorkflowDocument): boolean {
  // Earlier files have "parameters" beside "spec", or no "spec" at all.
  return (
    isObject(value) &&
    (Object.hasOwn(value, 'parameters') ||
      (isObject(value.spec) && Object.hasOwn(value.spec, 'parameters')))
  );
}

function isGoldenPathList({ value }: WorkflowDocument): boolean {
  return isObject(value) && isObject(value.goldenpaths);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
