import { JsonObject, JsonValue } from '../../json';
import { RESOURCE_PROVISIONING_STEP_TYPE } from '../../definitions/expandResourceSteps';
import { parseTemplate } from '../references';
import { ForEachDefinition } from '../types';
import { CompileOptions } from './options';
import { Report } from './report';
import { isObject } from './shape';

const DEFAULT_MAX_ITEMS = 100;

/** Reads `forEach` and `maxParallel` of a step. */
export function readForEach(
  options: {
    value: JsonObject;
    pointer: string;
    type: string;
    config: JsonObject;
    compile: CompileOptions;
  },
  report: Report,
): ForEachDefinition | undefined {
  const { value, pointer } = options;
  const items = value.forEach ?? undefined;
  const maxParallel = readMaxParallel(
    value.maxParallel ?? undefined,
    `${pointer}/maxParallel`,
    report,
  );
  if (items === undefined) {
    if (value.maxParallel !== undefined) {
      report.error(
        'WORKFLOW_INVALID',
        `${pointer}/maxParallel`,
        '"maxParallel" of a step tells how many items of its "forEach" run at the same time, but the step has no "forEach".',
        ['For the whole workflow write it under "spec".'],
      );
    }
    return undefined;
  }
  const maxItems = options.compile.maxItems ?? DEFAULT_MAX_ITEMS;
  checkItems(items, `${pointer}/forEach`, maxItems, report);
  checkStepType(options, report);
  return {
    items,
    maxItems,
    ...(maxParallel === undefined ? {} : { maxParallel }),
  };
}

function checkItems(
  items: JsonValue,
  pointer: string,
  most: number,
  report: Report,
): void {
  if (typeof items === 'string') {
    const parts = parseTemplate(items);
    if (parts.length !== 1 || parts[0].kind !== 'reference') {
      report.error(
        'WORKFLOW_FOREACH',
        pointer,
        `"forEach" must be a list, a map, or exactly one reference such as "\${steps.list.outputs.items}", not ${JSON.stringify(items.slice(0, 80))}.`,
      );
    }
    return;
  }
  if (!Array.isArray(items) && !isObject(items)) {
    report.error(
      'WORKFLOW_FOREACH',
      pointer,
      '"forEach" must be a list, a map, or exactly one reference.',
    );
    return;
  }
  const count = Object.keys(items).length;
  if (count > most) {
    report.error(
      'WORKFLOW_FOREACH',
      pointer,
      `"forEach" has ${count} items, ${most} are allowed. Give it fewer, or split the work over several workflows.`,
    );
  }
}

function checkStepType(
  options: { pointer: string; type: string; config: JsonObject },
  report: Report,
): void {
  const { pointer, type, config } = options;
  if (
    type === RESOURCE_PROVISIONING_STEP_TYPE &&
    config.resource === undefined
  ) {
    report.error(
      'WORKFLOW_FOREACH',
      `${pointer}/forEach`,
      'This step stands for all resources of the workload already, so it cannot have "forEach". Name one resource in "config.resource".',
    );
  }
}

function readMaxParallel(
  value: JsonValue | undefined,
  pointer: string,
  report: Report,
): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) {
    return value;
  }
  report.error(
    'WORKFLOW_INVALID',
    pointer,
    '"maxParallel" must be a whole number above 0.',
  );
  return undefined;
}
