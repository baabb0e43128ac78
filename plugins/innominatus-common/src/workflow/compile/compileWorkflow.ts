import { Diagnostic, joinJsonPointer } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import { formatDuration } from '../duration';
import { parentOfItemName } from '../engine/itemNames';
import { valueToText } from '../interpolate';
import { ParameterDefinition } from '../parameters/types';
import { readParameters } from '../parameters/readParameters';
import { isTemplate } from '../references';
import { isScopeRoot } from '../scope';
import { findForgedSecret } from '../secretToken';
import { ScheduleDefinition } from '../schedule';
import { WorkflowDefinition } from '../types';
import { checkReferences } from './checkReferences';
import { readTexts, readTimeout } from './fields';
import { CompileOptions } from './options';
import { orderSteps } from './order';
import { readOrder } from './readOrder';
import { MAX_STEP_NAME_LENGTH, ReadStep, readStep } from './readStep';
import { readSchedule } from './readSchedule';
import { Report } from './report';
import { isObject, readShape, Shape } from './shape';

/**
 * Result of {@link compileWorkflow}.
 *
 * @public
 */
export interface CompiledWorkflow {
  kind?: 'Workflow' | 'GoldenPath';
  /** As written, canonical keys only. */
  metadata: JsonObject;
  parameters: ParameterDefinition[];
  /** When it is started by itself. */
  schedule?: ScheduleDefinition;
  /** Only when no diagnostic is an error. */
  definition?: WorkflowDefinition;
  diagnostics: Diagnostic[];
}

const DEFAULT_TIMEOUT_MS = 2 * 3_600_000;
const DEFAULT_MAX_STEPS = 500;

/**
 * Turns one parsed document into a definition that can run: names resolved,
 * order worked out, defaults filled in, everything checked that can be.
 *
 * @remarks
 * Reads the canonical form and the forms of earlier files, the latter with an
 * info diagnostic. {@link readWorkflowDocuments} gives the document and its
 * positions.
 *
 * @public
 */
export function compileWorkflow(
  source: unknown,
  options: CompileOptions = {},
): CompiledWorkflow {
  const report = Report.create(options);
  const shape = readShape(source, report);
  if (shape === undefined) {
    return { metadata: {}, parameters: [], diagnostics: report.diagnostics };
  }
  const parameters = readParameters(shape.spec.get('parameters'), report);
  const variables = readVariables(shape, report);
  const steps = readSteps(shape, options, report);
  const outputs = readOutputs(shape, report);
  const order = readOrder(shape, report);
  if (isOrdered(steps, report)) {
    const isDeclared =
      shape.spec.has('parameters') || shape.kind === 'GoldenPath';
    checkReferences(
      {
        steps,
        variables,
        outputs,
        group: order.concurrency && {
          text: order.concurrency.group,
          pointer: joinJsonPointer(
            shape.spec.get('concurrency')?.pointer ?? '',
            'group',
          ),
        },
        parameters:
          isDeclared || options.parameters
            ? new Set([
                ...parameters.map(p => p.name),
                ...(options.parameters ?? []),
              ])
            : undefined,
        resources: options.resources && new Set(options.resources),
      },
      report,
    );
  }
  const schedule = readSchedule(shape, parameters, report);
  const definition: WorkflowDefinition = {
    name: valueToText(shape.metadata.name ?? ''),
    ...(shape.metadata.version === undefined
      ? {}
      : { version: valueToText(shape.metadata.version) }),
    variables,
    ...readOptional(parameters),
    steps: steps.map(step => step.definition),
    outputs: outputs.texts,
    timeoutMs: readRunTimeout(shape, options, report),
    ...readMaxParallel(shape, report),
    ...order,
    ...readOnFailure(shape, report),
  };
  return {
    kind: shape.kind,
    metadata: shape.metadata,
    parameters,
    ...(schedule === undefined ? {} : { schedule }),
    definition: report.failed ? undefined : definition,
    diagnostics: report.diagnostics,
  };
}

/** What may be missing when a run starts is known to its references. */
function readOptional(
  parameters: ParameterDefinition[],
): Pick<WorkflowDefinition, 'optional'> {
  const open = parameters.filter(
    parameter => !parameter.required && parameter.default === undefined,
  );
  return open.length > 0
    ? {
        optional: Object.fromEntries(
          open.map(({ name, type }) => [name, type === 'list' ? [] : '']),
        ),
      }
    : {};
}

function readVariables(
  shape: Shape,
  report: Report,
): Record<string, JsonValue> {
  const found = shape.spec.get('variables');
  if (found === undefined || found.value === null) {
    return {};
  }
  if (!isObject(found.value)) {
    report.error(
      'WORKFLOW_INVALID',
      found.pointer,
      '"variables" must be an object.',
    );
    return {};
  }
  const forged = findForgedSecret(found.value, found.pointer);
  if (forged !== undefined) {
    report.error(
      'WORKFLOW_SECRET_FORGED',
      forged,
      'A secret cannot be named by its address. Use a reference where the value is needed.',
    );
  }
  for (const [name, value] of Object.entries(found.value)) {
    if (typeof value === 'string' && isTemplate(value)) {
      report.warning(
        'WORKFLOW_VARIABLE_TEMPLATE',
        joinJsonPointer(found.pointer, name),
        `The variable "${name}" is taken as it is written: references in variables are not replaced.`,
        [
          'Use the references where the value is needed, or "setVariables" of a step.',
        ],
      );
    }
  }
  return found.value;
}

function readSteps(
  shape: Shape,
  options: CompileOptions,
  report: Report,
): ReadStep[] {
  const found = shape.spec.get('steps');
  if (
    found === undefined ||
    !Array.isArray(found.value) ||
    found.value.length === 0
  ) {
    report.error(
      'WORKFLOW_NO_STEPS',
      found?.pointer ?? '/spec',
      'The workflow has no steps. "spec.steps" must be a list with at least one step.',
    );
    return [];
  }
  const last = shape.spec.get('finally');
  if (last !== undefined && !Array.isArray(last.value)) {
    report.error(
      'WORKFLOW_INVALID',
      last.pointer,
      '"finally" must be a list of steps.',
    );
  }
  const written = [
    ...found.value.map((value, i) => ({
      value,
      pointer: `${found.pointer}/${i}`,
      isFinally: false,
    })),
    ...(Array.isArray(last?.value) ? last.value : []).map((value, i) => ({
      value,
      pointer: `${last?.pointer}/${i}`,
      isFinally: true,
    })),
  ];
  const most = options.maxSteps ?? DEFAULT_MAX_STEPS;
  if (written.length > most) {
    report.error(
      'WORKFLOW_TOO_MANY_STEPS',
      found.pointer,
      `The workflow has ${written.length} steps, ${most} are allowed. Move some into a workflow of their own and call it with a step of type "workflow".`,
    );
    return [];
  }
  return written
    .map(step => readStep({ ...step, compile: options }, report))
    .filter(step => step !== undefined);
}

/** Answers whether the order could be worked out. */
function isOrdered(steps: ReadStep[], report: Report): boolean {
  const before = report.diagnostics.length;
  const seen = new Map<string, string>();
  for (const { definition, pointer } of steps) {
    const other = seen.get(definition.name);
    if (other !== undefined) {
      report.error(
        'WORKFLOW_DUPLICATE_STEP',
        `${pointer}/name`,
        `The step name "${definition.name}" is used twice, first at "${other}". Names must differ.`,
      );
    }
    seen.set(definition.name, pointer);
  }
  checkItemNames(steps, report);
  if (report.diagnostics.length > before) {
    return false;
  }
  const main = steps.filter(step => !step.definition.finally);
  orderSteps(main, 0, report);
  const stages = Math.max(0, ...main.map(step => step.definition.stage + 1));
  orderSteps(
    steps.filter(step => step.definition.finally),
    stages,
    report,
  );
  const isSound = report.diagnostics.length === before;
  for (const { definition, pointer } of steps.filter(s =>
    isScopeRoot(s.definition.name),
  )) {
    report.warning(
      'WORKFLOW_STEP_NAME_RESERVED',
      `${pointer}/name`,
      `"${definition.name}" also starts other references, so this step can only be referred to as "\${steps.${definition.name}.outputs...}".`,
    );
  }
  return isSound;
}

/** The items of a `forEach` get names of their own, which must be free. */
function checkItemNames(steps: ReadStep[], report: Report): void {
  const parents = new Set<string>();
  for (const { definition, pointer } of steps) {
    const { name, forEach } = definition;
    if (forEach === undefined) {
      continue;
    }
    parents.add(name);
    const longest = MAX_STEP_NAME_LENGTH - `-${forEach.maxItems}`.length;
    if (name.length > longest) {
      report.error(
        'WORKFLOW_STEP_NAME',
        `${pointer}/name`,
        `The name "${name}" of a step with "forEach" has ${name.length} characters, ${longest} are allowed, because the steps of its items are named "${name}-0" and so on.`,
      );
    }
  }
  for (const { definition, pointer } of steps) {
    const parent = parentOfItemName(definition.name);
    if (parent !== undefined && parents.has(parent)) {
      report.error(
        'WORKFLOW_DUPLICATE_STEP',
        `${pointer}/name`,
        `The step name "${definition.name}" is the one of an item of step "${parent}", which has "forEach". Choose another name.`,
      );
    }
  }
}

function readOutputs(
  shape: Shape,
  report: Report,
): { texts: Record<string, string>; pointer: string } {
  const found = shape.spec.get('outputs');
  const pointer = found?.pointer ?? '/spec/outputs';
  return {
    texts: readTexts(found?.value, pointer, 'outputs', report),
    pointer,
  };
}

function readRunTimeout(
  shape: Shape,
  options: CompileOptions,
  report: Report,
): number {
  const found = shape.spec.get('timeout');
  const written = found && readTimeout(found.value, found.pointer, report);
  const most = options.maxTimeoutMs;
  if (written !== undefined && most !== undefined && written > most) {
    report.error(
      'WORKFLOW_TIMEOUT_TOO_LONG',
      found?.pointer ?? '',
      `The timeout ${formatDuration(written)} is longer than the ${formatDuration(most)} that policy allows.`,
    );
  }
  return written ?? Math.min(DEFAULT_TIMEOUT_MS, most ?? DEFAULT_TIMEOUT_MS);
}

function readMaxParallel(
  shape: Shape,
  report: Report,
): { maxParallel?: number } {
  const found = shape.spec.get('maxParallel');
  if (found === undefined) {
    return {};
  }
  if (Number.isInteger(found.value) && (found.value as number) > 0) {
    return { maxParallel: found.value as number };
  }
  report.error(
    'WORKFLOW_INVALID',
    found.pointer,
    '"maxParallel" must be a whole number above 0.',
  );
  return {};
}

function readOnFailure(shape: Shape, report: Report): { onFailure?: 'undo' } {
  const found = shape.spec.get('onFailure');
  if (found === undefined) {
    return {};
  }
  if (found.value === 'undo') {
    return { onFailure: 'undo' };
  }
  report.error(
    'WORKFLOW_INVALID',
    found.pointer,
    '"onFailure" must be "undo", or be left out when a failed run stays as it is.',
  );
  return {};
}
