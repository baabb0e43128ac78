import {
  Definitions,
  Diagnostic,
  GoldenPathImpact,
  LoadedGoldenPath,
  WorkflowDefinition,
  Workload,
  canonicalJson,
  compileGoldenPath,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import { compareNamed, compareSteps, hasStepChanges } from './compareSnapshots';

export interface GoldenPathImpactOptions {
  /** The one that the application was deployed with. */
  name: string;
  workload: Workload;
  before: Definitions;
  after: Definitions;
  registry: DefinitionRegistry;
}

/** What would become of the golden path of an application, if anything. */
export function goldenPathImpact(
  options: GoldenPathImpactOptions,
): GoldenPathImpact | undefined {
  const { name } = options;
  const before = find(options.before, name);
  const after = find(options.after, name);
  if (!before || (after && isSame(before, after, options))) {
    return undefined;
  }
  const steps = compareSteps(before.workflow, after?.workflow);
  if (after) {
    steps.changed.push(
      ...nestedChanges(after.workflow, options, steps.changed),
    );
  }
  const parameters = compareNamed(
    before.parameters.map(item => [item.name, item]),
    (after?.parameters ?? []).map(item => [item.name, item]),
  );
  const issues = after ? issuesOf(before, after, options) : [gone(name)];
  return {
    name,
    effect: issues.length > 0 ? 'refused' : 'otherwise',
    before: { version: before.metadata.version },
    after: after && { version: after.metadata.version },
    steps,
    parameters,
    issues,
  };
}

function find(
  { goldenPaths }: Definitions,
  name: string,
): LoadedGoldenPath | undefined {
  return goldenPaths.find(({ metadata }) => metadata.name === name);
}

function isSame(
  before: LoadedGoldenPath,
  after: LoadedGoldenPath,
  options: GoldenPathImpactOptions,
): boolean {
  return (
    canonicalJson(before.document.value) ===
      canonicalJson(after.document.value) &&
    nestedChanges(after.workflow, options, []).length === 0
  );
}

/** Steps that are the same, but run a workflow that is not. */
function nestedChanges(
  { steps }: WorkflowDefinition,
  { before, after }: GoldenPathImpactOptions,
  known: string[],
): string[] {
  const workflow = (definitions: Definitions, name: unknown) =>
    definitions.workflows.find(item => item.name === name)?.definition;
  return steps
    .filter(
      ({ name, type, config }) =>
        type === 'workflow' &&
        !known.includes(name) &&
        hasStepChanges(
          compareSteps(
            workflow(before, config.workflow),
            workflow(after, config.workflow),
          ),
        ),
    )
    .map(({ name }) => name);
}

function issuesOf(
  before: LoadedGoldenPath,
  after: LoadedGoldenPath,
  { workload, registry }: GoldenPathImpactOptions,
): Diagnostic[] {
  const { locate, file } = after.document;
  const { diagnostics } = compileGoldenPath(after.document.value, {
    ...registry.compileOptions(),
    resources: Object.keys(workload.resources),
    locate,
    file,
  });
  const known = new Set(before.parameters.map(({ name }) => name));
  const needed = after.parameters.filter(
    ({ name, required, default: value }) =>
      required && value === undefined && !known.has(name),
  );
  return [
    ...diagnostics.filter(({ severity }) => severity === 'error'),
    ...needed.map(({ name }) =>
      issue(
        'PARAMETER_NEEDED',
        `The parameter "${name}" is new, required and has no default. Deployments that do not name it are refused.`,
        file,
      ),
    ),
  ];
}

function gone(name: string): Diagnostic {
  return issue(
    'GOLDEN_PATH_GONE',
    `There would be no golden path "${name}" any more.`,
    undefined,
  );
}

function issue(
  code: string,
  message: string,
  file: string | undefined,
): Diagnostic {
  return {
    severity: 'error',
    code,
    message,
    pointer: '',
    line: 1,
    column: 1,
    suggestions: [],
    file,
  };
}
