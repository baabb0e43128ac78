import {
  RunInput,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { NewRunRow } from './insertRuns';
import { appOf, teamOf } from './runGroups';
import { CreateRunOptions } from './RunStore';
import { StartRunOptions } from './types';

/** What a nested run takes over from its parent, unless it says otherwise. */
export const INHERITED_COLUMNS = [
  'depth',
  'priority',
  'team',
  'golden_path',
  'application_environment',
  'application_environment_type',
  'application_name',
  'application_entity_ref',
  'application_owner',
  'deployment_id',
  'deployment_number',
  'purpose',
] as const;

export type InheritedColumns = Pick<
  NewRunRow,
  (typeof INHERITED_COLUMNS)[number]
>;

/** What the definition is interpolated with, but for the run itself. */
export function toRunInput(options: StartRunOptions): Omit<RunInput, 'run'> {
  const { environment, metadata, parameters } = options;
  return {
    parameters,
    metadata: metadata ?? {},
    environment,
    app: appOf(options),
    initiator: options.initiator,
  };
}

export function toNewRow(
  options: CreateRunOptions,
  facts: {
    inherited: InheritedColumns | undefined;
    isGrouped: boolean;
    runtime: string;
  },
): NewRunRow {
  const { application, definition, deployment, owner, parentRun } = options;
  const { inherited } = facts;
  return {
    id: options.runId,
    workflow: definition.name,
    title: options.title ?? null,
    golden_path: options.goldenPath ?? inherited?.golden_path ?? null,
    ...(application
      ? {
          application_environment: application.environment,
          application_environment_type: application.environmentType,
          application_name: application.name,
          application_entity_ref: application.entityRef ?? null,
          application_owner: application.owner ?? null,
        }
      : {
          application_environment: inherited?.application_environment ?? null,
          application_environment_type:
            inherited?.application_environment_type ?? null,
          application_name: inherited?.application_name ?? null,
          application_entity_ref: inherited?.application_entity_ref ?? null,
          application_owner:
            options.ownerRef ?? inherited?.application_owner ?? null,
        }),
    deployment_id: deployment?.id ?? inherited?.deployment_id ?? null,
    deployment_number:
      deployment?.number ?? inherited?.deployment_number ?? null,
    initiator: options.initiator,
    parent_run_id: parentRun?.id ?? null,
    parent_step: parentRun?.step ?? null,
    depth: inherited?.depth ?? 0,
    concurrency_key: options.concurrencyKey ?? null,
    definition: textOf(definition),
    input: JSON.stringify(toRunInput(options)),
    steps_total: definition.steps.length,
    runtime: facts.runtime,
    priority:
      options.priority ?? inherited?.priority ?? definition.priority ?? 0,
    team: inherited?.team ?? teamOf(options),
    purpose: options.purpose ?? inherited?.purpose ?? null,
    grouped: facts.isGrouped,
    lease_owner: owner?.owner ?? null,
    lease_ms: owner?.leaseMs ?? 0,
  };
}

/** A definition never changes, and many runs are started with it. */
const texts = new WeakMap<WorkflowDefinition, string>();

function textOf(definition: WorkflowDefinition): string {
  const text = texts.get(definition) ?? JSON.stringify(definition);
  texts.set(definition, text);
  return text;
}
