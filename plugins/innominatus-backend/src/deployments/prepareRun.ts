import { NotFoundError } from '@backstage/errors';
import {
  Diagnostic,
  JsonValue,
  LoadedGoldenPath,
  PlacedWorkflow,
  ResourceStepsError,
  WorkflowDefinition,
  Workload,
  compileGoldenPath,
  compileWorkflow,
  expandResourceSteps,
  insertWorkflows,
  validateParameters,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import { ProblemError } from '../http';
import { toParameterDiagnostics } from '../goldenPaths/parameterDiagnostics';
import { RemovalPlan, ResourcePlan } from './planResources';
import { PlanDeploymentRequest } from './request';

/** The run that a deployment starts. */
export interface PreparedRun {
  goldenPath: { name: string; version?: string };
  definition: WorkflowDefinition;
  parameters: Record<string, JsonValue>;
  diagnostics: Diagnostic[];
  /** Why workflows that policies require cannot be run, by their names. */
  unavailable: Record<string, string>;
}

const DEPLOY_GOLDEN_PATH = 'deploy-app';
const UNDEPLOY_GOLDEN_PATH = 'undeploy-app';

/** Those that come with the permission to deploy or delete. */
export const DEFAULT_GOLDEN_PATHS: readonly string[] = [
  DEPLOY_GOLDEN_PATH,
  UNDEPLOY_GOLDEN_PATH,
];

/** They take `prune` in their config, and do it when it is absent. */
const PRUNING_STEP_TYPES = [
  'git-commit-manifests',
  'kubernetes',
  'write-manifests',
];

/** They take `force` in their config, for fields that others manage. */
const FORCING_STEP_TYPES = ['kubernetes'];

/** What happens when no golden path says how a workload goes away. */
const IMPLIED_UNDEPLOY = {
  apiVersion: 'innominatus.dev/v1',
  kind: 'Workflow',
  metadata: { name: UNDEPLOY_GOLDEN_PATH },
  spec: {
    steps: [
      {
        name: 'deprovision',
        type: 'resource-provisioning',
        config: { operation: 'delete' },
      },
    ],
  },
};

export interface PrepareRunOptions {
  registry: DefinitionRegistry;
  request: PlanDeploymentRequest;
  workload: Workload;
  resources: ResourcePlan[];
  removals: RemovalPlan[];
  /** What policies have run besides the golden path. */
  required(
    run: Pick<PreparedRun, 'goldenPath' | 'definition' | 'parameters'>,
  ): PlacedWorkflow[];
}

/** Makes the run out of the golden path, the resources and the parameters. */
export function prepareRun(options: PrepareRunOptions): PreparedRun {
  const { registry, request, workload, resources, removals } = options;
  const isEnding =
    request.action === 'delete' || request.action === 'deprovision';
  const name =
    request.goldenPath ??
    (isEnding ? UNDEPLOY_GOLDEN_PATH : DEPLOY_GOLDEN_PATH);
  const goldenPath = registry.goldenPath(name);
  if (!goldenPath && !(isEnding && request.goldenPath === undefined)) {
    throw unknownGoldenPath(name);
  }
  const { values, issues } = validateParameters(
    goldenPath?.parameters ?? [],
    request.parameters ?? {},
  );
  if (issues.length > 0) {
    throw new ProblemError({
      status: 422,
      code: 'PARAMETERS_INVALID',
      message: issues[0].message,
      issues: toParameterDiagnostics(issues),
    });
  }
  const compiled = compile(goldenPath, { registry, workload });
  const expanded = expand(
    withForce(withPrune(compiled.definition, request), request),
    {
      provision: resources
        .filter(({ work }) => work.action !== 'keep')
        .map(({ work }) => ({
          name: work.name,
          dependsOn: work.dependsOn,
          title: `${work.action === 'create' ? 'Create' : 'Update'} ${work.name} (${work.type})`,
        })),
      remove: removals.map(({ work, planned, dependsOn }) => ({
        name: work.name,
        dependsOn,
        title: `${work.releaseOnly ? 'Release' : 'Delete'} ${work.name} (${planned.type})`,
      })),
    },
  );
  const run = {
    goldenPath: { name, version: goldenPath?.metadata.version },
    definition: expanded,
    parameters: values,
  };
  const { definition, unavailable } = insertWorkflows(expanded, {
    required: options.required(run),
    getWorkflow: called => registry.workflow(called),
    compile: {
      ...registry.compileOptions(),
      parameters: goldenPath?.parameters.map(parameter => parameter.name) ?? [],
      resources: Object.keys(workload.resources),
    },
  });
  return { ...run, definition, diagnostics: compiled.diagnostics, unavailable };
}

/** What a deployment leaves behind is left where it was delivered, too. */
function withPrune(
  definition: WorkflowDefinition,
  request: PlanDeploymentRequest,
): WorkflowDefinition {
  return request.prune === false
    ? {
        ...definition,
        steps: definition.steps.map(step =>
          PRUNING_STEP_TYPES.includes(step.type)
            ? { ...step, config: { ...step.config, prune: false } }
            : step,
        ),
      }
    : definition;
}

/** Whoever changed a field by hand owns it, until it is taken back. */
function withForce(
  definition: WorkflowDefinition,
  request: PlanDeploymentRequest,
): WorkflowDefinition {
  return request.action === 'repair'
    ? {
        ...definition,
        steps: definition.steps.map(step =>
          FORCING_STEP_TYPES.includes(step.type)
            ? { ...step, config: { ...step.config, force: true } }
            : step,
        ),
      }
    : definition;
}

/** Compiled again, now that the resources are known that it may refer to. */
function compile(
  goldenPath: LoadedGoldenPath | undefined,
  options: { registry: DefinitionRegistry; workload: Workload },
): { definition: WorkflowDefinition; diagnostics: Diagnostic[] } {
  const common = {
    ...options.registry.compileOptions(),
    resources: Object.keys(options.workload.resources),
  };
  if (!goldenPath) {
    const { definition } = compileWorkflow(IMPLIED_UNDEPLOY, common);
    if (!definition) {
      throw new Error('The implied workflow for removal does not compile');
    }
    return { definition, diagnostics: [] };
  }
  const { goldenPath: compiled, diagnostics } = compileGoldenPath(
    goldenPath.document.value,
    {
      ...common,
      locate: goldenPath.document.locate,
      file: goldenPath.document.file,
    },
  );
  if (!compiled) {
    throw new ProblemError({
      status: 422,
      code: 'GOLDEN_PATH_INVALID',
      message: `The golden path "${goldenPath.metadata.name}" does not fit the workload "${options.workload.name}".`,
      issues: diagnostics,
    });
  }
  return {
    definition: compiled.workflow,
    // What its author should know was said when it was loaded.
    diagnostics: [],
  };
}

function expand(
  definition: WorkflowDefinition,
  steps: Parameters<typeof expandResourceSteps>[1],
): WorkflowDefinition {
  try {
    return expandResourceSteps(definition, steps);
  } catch (error) {
    if (error instanceof ResourceStepsError) {
      throw new ProblemError({
        status: 422,
        code: 'GOLDEN_PATH_INVALID',
        message: error.message,
      });
    }
    throw error;
  }
}

/** The same words as for one that the caller may not read. */
export function unknownGoldenPath(name: string): NotFoundError {
  return new NotFoundError(`There is no golden path "${name}"`);
}
