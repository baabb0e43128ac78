import { JsonObject } from '../json';
import type { LoadedWorkflow } from '../definitions/readDefinitions';
import { withStages } from '../definitions/withStages';
import { compileWorkflow } from '../workflow/compile/compileWorkflow';
import { CompileOptions } from '../workflow/compile/options';
import { MAX_STEP_NAME_LENGTH } from '../workflow/compile/readStep';
import { parentOfItemName } from '../workflow/engine/itemNames';
import { validateParameters } from '../workflow/parameters/validateParameters';
import { isTemplate } from '../workflow/references';
import { StepDefinition, WorkflowDefinition } from '../workflow/types';
import { PlacedWorkflow } from './requiredWorkflows';
import { POLICY_PHASES, PolicyPhase } from './types';

/** @public */
export interface InsertWorkflowsOptions {
  required: readonly PlacedWorkflow[];
  getWorkflow(
    name: string,
  ): Pick<LoadedWorkflow, 'parameters' | 'title'> | undefined;
  /** As for the workflow that they are inserted into. */
  compile?: CompileOptions;
}

/**
 * Result of {@link insertWorkflows}.
 *
 * @public
 */
export interface InsertedWorkflows {
  definition: WorkflowDefinition;
  /** Why workflows could not be inserted, by their names. */
  unavailable: Record<string, string>;
}

/**
 * Makes required workflows steps of the run, so that its graph shows them: what
 * comes before the deployment before its first steps, what comes after it after
 * its last ones, and the rest beside them. Workflows of one phase run one after
 * the other.
 *
 * @public
 */
export function insertWorkflows(
  definition: WorkflowDefinition,
  options: InsertWorkflowsOptions,
): InsertedWorkflows {
  const taken = new Set(definition.steps.map(({ name }) => name));
  const unavailable = new Map<string, string>();
  const phases: Record<PolicyPhase, StepDefinition[]> = {
    'pre-deployment': [],
    deployment: [],
    'post-deployment': [],
  };
  for (const required of options.required) {
    const made = makeStep(required, nameOf(required, taken), options);
    if ('problem' in made) {
      unavailable.set(required.name, made.problem);
    } else {
      taken.add(made.step.name);
      phases[required.phase].push(made.step);
    }
  }
  return {
    definition: POLICY_PHASES.some(phase => phases[phase].length > 0)
      ? { ...definition, steps: withStages(wire(definition.steps, phases)) }
      : definition,
    unavailable: Object.fromEntries(unavailable),
  };
}

function wire(
  own: StepDefinition[],
  phases: Record<PolicyPhase, StepDefinition[]>,
): StepDefinition[] {
  const before = chain(phases['pre-deployment'], []);
  const gate = before.slice(-1).map(({ name }) => name);
  const beside = chain(phases.deployment, gate);
  const last = [...lastOf(own), ...beside.slice(-1).map(({ name }) => name)];
  const after = chain(phases['post-deployment'], last.length > 0 ? last : gate);
  const waiting = own.map(step =>
    step.dependsOn.length > 0 || step.finally
      ? step
      : { ...step, dependsOn: gate },
  );
  return [...before, ...waiting, ...beside, ...after];
}

function chain(steps: StepDefinition[], first: string[]): StepDefinition[] {
  return steps.map((step, index) => ({
    ...step,
    dependsOn: index === 0 ? first : [steps[index - 1].name],
  }));
}

/**
 * The steps that nothing comes after. A step that also runs after a failure
 * hides none of those before it: their failure has to be seen.
 */
function lastOf(steps: StepDefinition[]): string[] {
  const main = steps.filter(
    step => !step.finally && step.when !== 'on_failure',
  );
  const followed = new Set(
    main.filter(step => step.when !== 'always').flatMap(step => step.dependsOn),
  );
  return main.map(({ name }) => name).filter(name => !followed.has(name));
}

/** A name that no step has, nor the step of an item. */
function nameOf(
  { phase, name }: PlacedWorkflow,
  taken: ReadonlySet<string>,
): string {
  const base = `${phase}-${name}`.replace(/[^A-Za-z0-9_-]/g, '-');
  for (let count = 1; ; count += 1) {
    const end = count === 1 ? '' : `_${count}`;
    const found = `${base.slice(0, MAX_STEP_NAME_LENGTH - end.length)}${end}`;
    const parent = parentOfItemName(found);
    if (!taken.has(found) && (parent === undefined || !taken.has(parent))) {
      return found;
    }
  }
}

function makeStep(
  { name, policy, parameters = {} }: PlacedWorkflow,
  stepName: string,
  options: InsertWorkflowsOptions,
): { step: StepDefinition } | { problem: string } {
  const workflow = options.getWorkflow(name);
  if (!workflow) {
    return {
      problem: `There is no workflow "${name}", or it cannot be read. Check its name in the policy "${policy}", and the definitions.`,
    };
  }
  const filled = fillParameters(workflow, parameters);
  if ('problem' in filled) {
    return {
      problem: `${filled.problem} Set "parameters" beside its name in the policy "${policy}", or a default in the workflow.`,
    };
  }
  const { definition, diagnostics } = compileWorkflow(
    {
      apiVersion: 'innominatus.dev/v1',
      kind: 'Workflow',
      metadata: { name: policy },
      spec: {
        steps: [
          {
            name: stepName,
            title: `${workflow.title ?? name} (required by ${policy})`,
            type: 'workflow',
            config: { workflow: name, parameters: filled.values },
          },
        ],
      },
    },
    options.compile,
  );
  const step = definition?.steps[0];
  return step
    ? { step }
    : {
        problem: `What the policy "${policy}" passes to it cannot be used: ${diagnostics.find(({ severity }) => severity === 'error')?.message}`,
      };
}

/**
 * All values that the workflow is called with, defaults among them. What only
 * the run will tell counts as given, and as right.
 */
function fillParameters(
  { parameters }: Pick<LoadedWorkflow, 'parameters'>,
  given: JsonObject,
): { values: JsonObject } | { problem: string } {
  const open: JsonObject = {};
  const known: JsonObject = {};
  for (const [name, value] of Object.entries(given)) {
    const isDeclared = parameters.some(parameter => parameter.name === name);
    const isOpen = isDeclared && isTemplate(JSON.stringify(value));
    (isOpen ? open : known)[name] = value;
  }
  const { values, issues } = validateParameters(
    parameters.filter(({ name }) => !Object.hasOwn(open, name)),
    known,
  );
  return issues.length > 0
    ? { problem: issues[0].message }
    : { values: { ...values, ...open } };
}
