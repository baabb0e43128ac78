import { nearestNames } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import { ConditionSyntaxError, parseCondition } from '../condition';
import { StepDefinition, StepWhen } from '../types';
import { readApproval } from './approvalField';
import { checkConfig } from './checkConfig';
import { adviceForStepType, moduleOfStepType } from './elsewhere';
import {
  CompileOptions,
  findStepType,
  StepTypeInfo,
  stepTypeNames,
} from './options';
import { Report } from './report';
import { formatDuration } from '../duration';
import { readTexts, readTimeout } from './fields';
import { readForEach } from './forEachField';
import { readConfig, STEP_KEYS } from './stepConfig';
import { readRetry } from './retryField';
import { isObject } from './shape';
import { readStepSettings } from './stepSettings';

/** A step as written: its place in the order is not worked out yet. */
export interface ReadStep {
  pointer: string;
  definition: StepDefinition;
  explicitDependsOn?: string[];
  parallel: boolean;
  parallelGroup?: number;
  /** Where a key of the config was written. */
  configPointer: (key: string | undefined) => string;
}

export const MAX_STEP_NAME_LENGTH = 63;
const STEP_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const DEFAULT_STEP_TIMEOUT_MS = 30 * 60_000;
const WHEN: Record<string, StepWhen> = {
  '': 'on_success',
  on_success: 'on_success',
  success: 'on_success',
  always: 'always',
  on_failure: 'on_failure',
  failure: 'on_failure',
  manual: 'manual',
};

export interface ReadStepOptions {
  value: JsonValue;
  pointer: string;
  isFinally: boolean;
  compile: CompileOptions;
}

export function readStep(
  options: ReadStepOptions,
  report: Report,
): ReadStep | undefined {
  const { value, pointer } = options;
  if (!isObject(value)) {
    report.error(
      'WORKFLOW_INVALID',
      pointer,
      'A step must be an object with "name" and "type".',
    );
    return undefined;
  }
  const name = readName(value, pointer, report);
  const { type, info } = readType(value, pointer, options.compile, report);
  const { config, configPointer } = readConfig(value, pointer, info, report);
  if (info?.schema && type !== undefined) {
    checkConfig(
      {
        config,
        schema: info.schema,
        pointerOf: configPointer,
        stepType: type,
        stepKeys: STEP_KEYS,
      },
      report,
    );
  }
  if (name === undefined || type === undefined) {
    return undefined;
  }
  const { settings, written } = readStepSettings(
    value,
    options.compile.maxStepTimeoutMs,
  );
  const definition: StepDefinition = {
    name,
    type,
    stage: 0,
    dependsOn: [],
    when: readWhen(value.when, `${pointer}/when`, options.isFinally, report),
    env: readTexts(value.env, `${pointer}/env`, 'env', report),
    config,
    setVariables: readTexts(
      value.setVariables,
      `${pointer}/setVariables`,
      'setVariables',
      report,
    ),
    timeoutMs: readStepTimeout(written, pointer, {
      fallback: info?.defaultTimeoutMs ?? DEFAULT_STEP_TIMEOUT_MS,
      most: options.compile.maxStepTimeoutMs,
      report,
    }),
    retry: readRetry(written.retry, `${pointer}/retry`, report),
    ...(settings ? { settings } : {}),
  };
  const approval = readApproval(
    {
      value: value.approval,
      pointer: `${pointer}/approval`,
      stepType: type,
      when: definition.when,
      config,
      configPointer,
      isConfigChecked: info?.schema !== undefined,
    },
    report,
  );
  if (approval) {
    definition.approval = approval;
  }
  for (const key of ['title', 'outputFile'] as const) {
    const text = value[key];
    if (typeof text === 'string') {
      definition[key] = text;
    } else if (text !== undefined) {
      report.error(
        'WORKFLOW_INVALID',
        `${pointer}/${key}`,
        `"${key}" must be a text.`,
      );
    }
  }
  for (const key of ['if', 'unless'] as const) {
    const text = readCondition(value[key], `${pointer}/${key}`, key, report);
    if (text !== undefined) {
      definition[key] = text;
    }
  }
  if (
    Array.isArray(value.outputs) &&
    value.outputs.every(o => typeof o === 'string')
  ) {
    definition.outputs = value.outputs;
  }
  if (options.isFinally) {
    definition.finally = true;
  }
  const forEach = readForEach(
    { value, pointer, type, config, compile: options.compile },
    report,
  );
  if (forEach) {
    definition.forEach = forEach;
  }
  return {
    pointer,
    definition,
    configPointer,
    ...readOrderHints(value, pointer, report),
  };
}

function readStepTimeout(
  value: JsonObject,
  pointer: string,
  options: { fallback: number; most: number | undefined; report: Report },
): number {
  const { fallback, most = Infinity, report } = options;
  const written = readTimeout(value.timeout, `${pointer}/timeout`, report);
  if (written !== undefined && written > most) {
    report.error(
      'WORKFLOW_TIMEOUT_TOO_LONG',
      `${pointer}/timeout`,
      `The timeout ${formatDuration(written)} is longer than the ${formatDuration(most)} that a step may take.`,
    );
  }
  return written ?? Math.min(fallback, most);
}

function readName(
  value: JsonObject,
  pointer: string,
  report: Report,
): string | undefined {
  if (typeof value.name === 'string' && STEP_NAME.test(value.name)) {
    return value.name;
  }
  report.error(
    'WORKFLOW_STEP_NAME',
    `${pointer}/name`,
    value.name === undefined
      ? 'The step has no "name".'
      : `The step name ${JSON.stringify(value.name)} cannot be used.`,
    [
      'Start with a letter, then letters, digits, "-" and "_", at most 63 characters.',
    ],
  );
  return undefined;
}

function readType(
  value: JsonObject,
  pointer: string,
  compile: CompileOptions,
  report: Report,
): { type?: string; info?: StepTypeInfo } {
  const { type } = value;
  if (typeof type !== 'string' || type === '') {
    report.error(
      'WORKFLOW_STEP_TYPE',
      `${pointer}/type`,
      'The step has no "type".',
    );
    return {};
  }
  if (compile.stepTypes === undefined) {
    return { type };
  }
  const info = findStepType(compile.stepTypes, type);
  if (info === undefined) {
    const module = moduleOfStepType(type);
    const names = stepTypeNames(compile.stepTypes);
    const advice = adviceForStepType(type);
    report.error(
      'WORKFLOW_UNKNOWN_STEP_TYPE',
      `${pointer}/type`,
      module
        ? `The step type "${type}" is not installed. The package "${module}" brings it.`
        : `The step type "${type}" is not known.`,
      module
        ? [`Add "${module}" to the backend.`]
        : [
            ...advice,
            ...(advice.length > 0 ? [] : nearestNames(type, names, 1)).map(
              near => `Did you mean "${near}"?`,
            ),
            `Installed step types: ${[...names].sort().join(', ') || 'none'}.`,
          ],
    );
  }
  return { type, info };
}

function readWhen(
  value: JsonValue | undefined,
  pointer: string,
  isFinally: boolean,
  report: Report,
): StepWhen {
  if (value === undefined || value === null) {
    return isFinally ? 'always' : 'on_success';
  }
  const when =
    typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  if (when !== undefined && Object.hasOwn(WHEN, when)) {
    return WHEN[when];
  }
  report.error(
    'WORKFLOW_WHEN',
    pointer,
    `"when" cannot be ${JSON.stringify(value)}. Expected "on_success", "always", "on_failure" or "manual".`,
    ['An expression belongs to "if" or "unless".'],
  );
  return 'on_success';
}

function readCondition(
  value: JsonValue | undefined,
  pointer: string,
  key: string,
  report: Report,
): string | undefined {
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (
    typeof value !== 'string' &&
    typeof value !== 'boolean' &&
    typeof value !== 'number'
  ) {
    report.error(
      'WORKFLOW_CONDITION',
      pointer,
      `"${key}" must be a condition, written as a text.`,
    );
    return undefined;
  }
  const text = String(value);
  try {
    parseCondition(text);
  } catch (error) {
    if (!(error instanceof ConditionSyntaxError)) {
      throw error;
    }
    report.error(
      'WORKFLOW_CONDITION',
      pointer,
      `The condition "${key}: ${text.slice(0, 120)}" cannot be read. ${error.message}`,
    );
  }
  return text;
}

function readOrderHints(
  value: JsonObject,
  pointer: string,
  report: Report,
): Pick<ReadStep, 'explicitDependsOn' | 'parallel' | 'parallelGroup'> {
  const names =
    typeof value.dependsOn === 'string' ? [value.dependsOn] : value.dependsOn;
  const isList =
    Array.isArray(names) && names.every(name => typeof name === 'string');
  if (names !== undefined && names !== null && !isList) {
    report.error(
      'WORKFLOW_INVALID',
      `${pointer}/dependsOn`,
      '"dependsOn" must be a list of step names.',
    );
  }
  if (value.parallel !== undefined && typeof value.parallel !== 'boolean') {
    report.error(
      'WORKFLOW_INVALID',
      `${pointer}/parallel`,
      '"parallel" must be true or false.',
    );
  }
  const group = value.parallelGroup;
  if (group !== undefined && typeof group !== 'number') {
    report.error(
      'WORKFLOW_INVALID',
      `${pointer}/parallelGroup`,
      '"parallelGroup" must be a number.',
    );
  }
  return {
    explicitDependsOn: isList ? [...new Set(names as string[])] : undefined,
    parallel: value.parallel === true,
    parallelGroup: typeof group === 'number' ? group : undefined,
  };
}
