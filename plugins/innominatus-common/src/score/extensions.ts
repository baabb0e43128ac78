import { joinJsonPointer, toJsonPointer } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import { isJsonMap } from './isJsonMap';
import { ScoreReporter } from './ScoreProblem';
import { WorkloadExtensions } from './workload';

/**
 * Takes the keys out of a document that innominatus reads and Score does not
 * know: `environment`, `workflows`, and `properties` of resources as another
 * word for `params`.
 */
export function takeExtensions(
  document: JsonObject,
  reporter: ScoreReporter,
): { document: JsonObject; extensions: WorkloadExtensions } {
  const { environment, workflows, ...rest } = document;
  const extensions: WorkloadExtensions = {};
  if (environment !== undefined) {
    noteExtension('environment', '/environment', reporter);
    extensions.environment = readEnvironment(environment, reporter);
  }
  if (workflows !== undefined) {
    noteExtension('workflows', '/workflows', reporter);
    extensions.workflows = readWorkflows(workflows, reporter);
  }
  if (isJsonMap(rest.resources)) {
    rest.resources = Object.fromEntries(
      Object.entries(rest.resources).map(([name, resource]) => [
        name,
        isJsonMap(resource)
          ? mergeProperties(resource, ['resources', name], reporter)
          : resource,
      ]),
    );
  }
  return { document: rest, extensions };
}

function noteExtension(
  key: string,
  pointer: string,
  reporter: ScoreReporter,
): void {
  reporter.add({
    severity: 'info',
    code: 'SCORE_EXTENSION',
    message:
      key === 'workflows'
        ? 'The key "workflows" is an extension of innominatus; other Score tools refuse it, and the workflows are not run from here.'
        : `The key "${key}" is an extension of innominatus; other Score tools refuse it.`,
    pointer,
    at: { key: pointer },
    suggestions: [
      key === 'environment'
        ? 'Name the environment when deploying instead.'
        : 'Run "innominatus migrate" with --write: each workflow becomes a file of its own, for a location of the platform.',
    ],
  });
}

function readEnvironment(
  value: JsonValue,
  reporter: ScoreReporter,
): WorkloadExtensions['environment'] {
  if (!isJsonMap(value)) {
    reporter.add({
      code: 'SCORE_EXTENSION_INVALID',
      message:
        'The extension "environment" has to be a map with "type" and "ttl".',
      pointer: '/environment',
      suggestions: ['Write environment: { type: development }.'],
    });
    return undefined;
  }
  const environment: { type?: string; ttl?: string } = {};
  for (const [key, item] of Object.entries(value)) {
    const pointer = joinJsonPointer('/environment', key);
    if (key !== 'type' && key !== 'ttl') {
      reporter.add({
        code: 'SCORE_EXTENSION_INVALID',
        message: `The key "${key}" is not known in "environment".`,
        pointer: '/environment',
        at: { key: pointer },
        suggestions: [`Delete "${key}"; "type" and "ttl" are read.`],
      });
    } else if (typeof item === 'string') {
      environment[key] = item;
    } else {
      reporter.add({
        code: 'SCORE_EXTENSION_INVALID',
        message: `The value of "environment.${key}" has to be a text.`,
        pointer,
        suggestions: [
          `Quote it: ${key}: "${reporter.sourceOf(pointer) ?? ''}".`,
        ],
      });
    }
  }
  return environment;
}

const MAX_STEPS = 500;

function readWorkflows(
  value: JsonValue,
  reporter: ScoreReporter,
): Record<string, JsonObject> {
  if (!isJsonMap(value)) {
    reporter.add({
      code: 'SCORE_EXTENSION_INVALID',
      message: 'The extension "workflows" has to be a map of name to workflow.',
      pointer: '/workflows',
      suggestions: ['Give each workflow a name and a list of "steps".'],
    });
    return {};
  }
  const workflows: Record<string, JsonObject> = {};
  for (const [name, workflow] of Object.entries(value)) {
    const pointer = toJsonPointer(['workflows', name]);
    const steps = isJsonMap(workflow) ? workflow.steps : undefined;
    if (!isJsonMap(workflow) || !Array.isArray(steps) || steps.length === 0) {
      reporter.add({
        code: 'SCORE_WORKFLOW',
        message: `The workflow "${name}" has no steps.`,
        pointer,
        at: { key: pointer },
        suggestions: ['Add "steps" with at least one name and type.'],
      });
      continue;
    }
    if (steps.length > MAX_STEPS) {
      reporter.add({
        code: 'SCORE_WORKFLOW',
        message: `The workflow "${name}" has ${steps.length} steps; at most ${MAX_STEPS} are read.`,
        pointer,
        at: { key: pointer },
        suggestions: ['Split the workflow.'],
      });
      continue;
    }
    const names = new Set<string>();
    steps.forEach((step, index) =>
      checkStep(step, {
        workflow: name,
        pointer: joinJsonPointer(pointer, 'steps', index),
        reporter,
        names,
      }),
    );
    workflows[name] = workflow;
  }
  return workflows;
}

function checkStep(
  step: JsonValue,
  context: {
    workflow: string;
    pointer: string;
    reporter: ScoreReporter;
    names: Set<string>;
  },
): void {
  const name = isJsonMap(step) ? step.name : undefined;
  if (typeof name === 'string' && context.names.has(name)) {
    context.reporter.add({
      code: 'SCORE_WORKFLOW',
      message: `The workflow "${context.workflow}" has two steps named "${name}".`,
      pointer: context.pointer,
      suggestions: ['Give each step a name of its own.'],
    });
  } else if (typeof name === 'string') {
    context.names.add(name);
  }
  for (const key of ['name', 'type'] as const) {
    const value = isJsonMap(step) ? step[key] : undefined;
    if (typeof value !== 'string' || value === '') {
      context.reporter.add({
        code: 'SCORE_WORKFLOW',
        message: `A step of the workflow "${context.workflow}" has no "${key}".`,
        pointer: context.pointer,
        suggestions: [`Add a "${key}" of text to the step.`],
      });
    }
  }
}

const DECLARATION_KEYS = new Set([
  'default',
  'description',
  'required',
  'secret',
  'title',
  'type',
]);

// Score before 2024 declared the outputs of a resource under `properties`.
// Such a block says nothing about params, so it stays and is refused by the
// schema with the hint to delete it; the same goes for an empty one.
function declaresOutputs(properties: JsonObject): boolean {
  return Object.values(properties).every(
    value =>
      value === null ||
      (isJsonMap(value) &&
        Object.keys(value).every(key => DECLARATION_KEYS.has(key))),
  );
}

function mergeProperties(
  resource: JsonObject,
  path: string[],
  reporter: ScoreReporter,
): JsonObject {
  const { properties, ...rest } = resource;
  if (!isJsonMap(properties) || declaresOutputs(properties)) {
    return resource;
  }
  const pointer = toJsonPointer([...path, 'properties']);
  const params = rest.params ?? {};
  if (!isJsonMap(params)) {
    return resource;
  }
  const twice = Object.keys(properties).filter(key =>
    Object.hasOwn(params, key),
  );
  for (const key of twice) {
    reporter.add({
      code: 'SCORE_EXTENSION_INVALID',
      message: `The param "${key}" of resource "${path[1]}" is given under "params" and under "properties".`,
      pointer: joinJsonPointer(pointer, key),
      suggestions: [`Keep "params.${key}" and delete "properties.${key}".`],
    });
  }
  reporter.add({
    severity: 'info',
    code: 'SCORE_EXTENSION',
    message: `The key "properties" of resource "${path[1]}" is read as "params"; other Score tools refuse it.`,
    pointer,
    at: { key: pointer },
    suggestions: ['Rename "properties" to "params".'],
  });
  for (const key of Object.keys(properties)) {
    reporter.addMove(
      toJsonPointer([...path, 'params', key]),
      joinJsonPointer(pointer, key),
    );
  }
  return { ...rest, params: { ...properties, ...params } };
}
