import { z } from 'zod';
import { Locate } from './report';

/**
 * What compiling needs to know about a step type.
 *
 * @public
 */
export interface StepTypeInfo {
  /** Checks `config`; an object schema also tells which keys exist. */
  schema?: z.ZodType;
  /** Default 30 minutes. */
  defaultTimeoutMs?: number;
  /** Package that brings the step type. */
  module?: string;
}

/**
 * Step types by name.
 *
 * @public
 */
export type StepTypeCatalog =
  ReadonlyMap<string, StepTypeInfo> | Readonly<Record<string, StepTypeInfo>>;

/**
 * Options of {@link compileWorkflow}.
 *
 * @public
 */
export interface CompileOptions {
  /** Without it step types and their config are not checked. */
  stepTypes?: StepTypeCatalog;
  /** Names of parameters the host passes besides those the document declares. */
  parameters?: readonly string[];
  /** Names of the resources that can be referred to; without it they are not checked. */
  resources?: readonly string[];
  /** Most steps of a workflow. Default 500. */
  maxSteps?: number;
  /** Most items of a `forEach`. Default 100. */
  maxItems?: number;
  /** Longest `timeout` of a workflow, from policy. */
  maxTimeoutMs?: number;
  /** Longest `timeout` of a step, from policy. */
  maxStepTimeoutMs?: number;
  locate?: Locate;
  file?: string;
}

/** Looks a step type up in either form of the catalog. */
export function findStepType(
  catalog: StepTypeCatalog,
  name: string,
): StepTypeInfo | undefined {
  if (isMap(catalog)) {
    return catalog.get(name);
  }
  return Object.hasOwn(catalog, name) ? catalog[name] : undefined;
}

export function stepTypeNames(catalog: StepTypeCatalog): string[] {
  return isMap(catalog) ? [...catalog.keys()] : Object.keys(catalog);
}

function isMap(
  catalog: StepTypeCatalog,
): catalog is ReadonlyMap<string, StepTypeInfo> {
  return catalog instanceof Map;
}
