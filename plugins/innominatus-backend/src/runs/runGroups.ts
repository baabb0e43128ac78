import {
  RunInput,
  SECRET_TOKEN_PATTERN,
  Scope,
  WorkflowConcurrency,
  parseTemplate,
  resolvePath,
  startScope,
  valueToText,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StartRunOptions } from './types';

/** A lock (one run) or a limit (several) that a run needs to begin. */
export interface RunGroup {
  key: string;
  max: number;
}

/** From `innominatus.limits`; what is absent has no limit. */
export interface RunLimits {
  /** Runs of a team that are in progress at the same time. */
  runsPerTeam?: number;
  runsPerEnvironment?: number;
  /** Runs of a team that wait to begin. */
  queuedRuns?: number;
}

/** What the name of a group can be made of. */
export type GroupInput = Pick<
  StartRunOptions,
  | 'app'
  | 'application'
  | 'definition'
  | 'environment'
  | 'metadata'
  | 'parameters'
>;

interface MissingReference {
  reference: string;
  names: string[];
}

const LONGEST_KEY = 250;

/** Whose limits the run counts for. */
export function teamOf(options: StartRunOptions): string {
  return options.application?.owner ?? options.team ?? options.initiator;
}

/** What `${app.name}` means. */
export function appOf(
  options: Pick<StartRunOptions, 'app' | 'application'>,
): RunInput['app'] {
  const { name } = options.application ?? options.app ?? {};
  return name === undefined ? undefined : { name };
}

/**
 * The groups of a run. A nested run works for its parent, which counts already;
 * only what its own workflow asks for is added.
 */
export function groupsOf(
  options: StartRunOptions,
  limits: RunLimits = {},
): RunGroup[] {
  const { concurrencyKey, definition, parentRun } = options;
  const groups = new Map<string, number>();
  if (concurrencyKey !== undefined) {
    groups.set(concurrencyKey, 1);
  }
  if (definition.concurrency) {
    const { limit } = definition.concurrency;
    groups.set(`group:${groupName(definition.concurrency, options)}`, limit);
  }
  const environment =
    options.application?.environment ?? options.environment?.name;
  if (!parentRun && limits.runsPerTeam !== undefined) {
    groups.set(`team:${teamOf(options)}`, limits.runsPerTeam);
  }
  // What the environment says itself holds; it may be more, or less.
  const perEnvironment = options.environmentLimit ?? limits.runsPerEnvironment;
  if (!parentRun && environment && perEnvironment !== undefined) {
    groups.set(`environment:${environment}`, perEnvironment);
  }
  return [...groups].map(([key, max]) => ({
    key: key.slice(0, LONGEST_KEY),
    max,
  }));
}

/**
 * A reference without a value stays as it is written: the runs that lack the
 * value then share a group, which is safe. Only runs that were accepted come
 * here with one; {@link requireResolvable} refuses the others.
 */
function groupName(
  concurrency: WorkflowConcurrency,
  options: GroupInput,
): string {
  return readGroup(concurrency, options).name;
}

/** The name of the group, and the references of it that have no value. */
export function readGroup(
  concurrency: WorkflowConcurrency,
  options: GroupInput,
): { name: string; missing: MissingReference[] } {
  const { optional } = options.definition;
  const known = scopeAtStart(options);
  const scope = { ...known, params: { ...optional, ...known.params } };
  const missing: MissingReference[] = [];
  const name = parseTemplate(concurrency.group)
    .map(part => {
      if (part.kind !== 'reference') {
        return part.text;
      }
      const { reference } = part;
      const found = resolvePath(scope, reference.path, reference.braced);
      if (!found.found) {
        missing.push({ reference: reference.raw, names: found.names });
        return reference.raw;
      }
      const rest = 'rest' in found ? found.rest.map(s => `.${s}`).join('') : '';
      return valueToText(found.value) + rest;
    })
    .join('')
    .replace(SECRET_TOKEN_PATTERN, '••••');
  return { name, missing };
}

/** What is known of a run before it is stored. */
export function scopeAtStart(options: GroupInput): Scope {
  return startScope(options.definition, { ...options, app: appOf(options) });
}
