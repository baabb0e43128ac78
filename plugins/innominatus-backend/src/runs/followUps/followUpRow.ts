import {
  CarriedSteps,
  RunReference,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { fromJson, isPostgres, toOptionalJson } from '../../database';
import { RunGroup, RunLimits, groupsOf } from '../runGroups';
import { StartRunOptions } from '../types';
import { FollowUpKind } from './types';

/** What both runs have in common. */
const COPIED_COLUMNS = [
  'workflow',
  'golden_path',
  'application_environment',
  'application_environment_type',
  'application_name',
  'application_entity_ref',
  'application_owner',
  'deployment_id',
  'deployment_number',
  'parent_run_id',
  'parent_step',
  'depth',
  'concurrency_key',
  'priority',
  'team',
  'input',
] as const;

type Copied = Record<
  Exclude<(typeof COPIED_COLUMNS)[number], 'depth' | 'input' | 'priority'>,
  string | null
> & { depth: number; input: string; priority: number };

/** A row of the new run, without the times. */
export type FollowUpRow = Copied & { id: string };

export const LINKS = {
  retry: { of: 'retry_of', by: 'retried_by' },
  undo: { of: 'undo_of', by: 'undone_by' },
} as const;

export interface NewFollowUp {
  kind: FollowUpKind;
  runId: string;
  of: { id: string; number: number; retriedBy?: RunReference };
  initiator: string;
  title?: string;
  definition: WorkflowDefinition;
  carried?: CarriedSteps;
  /** Of the ended run without it. */
  parentRun?: { id: string; step: string };
  /** Type of the runtime that works on it. */
  runtime: string;
  limits?: RunLimits;
  /** What belongs to the same moment; throws to call it off. */
  follow: (followUp: { id: string; number: number }) => Promise<void>;
}

/**
 * What the new row says, which is mostly what the old one says. The old one is
 * locked, so that nobody else follows the run at the same time.
 */
export async function followUpRow(
  transaction: Knex.Transaction,
  options: NewFollowUp,
): Promise<FollowUpRow> {
  const { kind, of, parentRun, definition } = options;
  const link = LINKS[kind].of;
  const copied: Copied = await transaction('workflow_runs')
    .where({ id: of.id })
    .modify(query => isPostgres(transaction) && query.forUpdate())
    .first(...COPIED_COLUMNS);
  return {
    ...copied,
    ...(parentRun ? await nestedColumns(transaction, parentRun) : {}),
    ...{
      definition: JSON.stringify(definition),
      steps_total: definition.steps.length,
      title: options.title ?? null,
      status: 'queued',
      initiator: options.initiator,
      // Whoever starts the new run may not approve it.
      input: JSON.stringify({
        ...fromJson<object>(copied.input),
        initiator: options.initiator,
      }),
      runtime: options.runtime,
      carried: toOptionalJson(options.carried),
      [link]: of.id,
      [`${link}_number`]: of.number,
    },
    id: options.runId,
  };
}

/** The locks and limits of the run, as if it was started anew. */
export function groupsOfFollowUp(
  row: FollowUpRow,
  options: NewFollowUp,
): RunGroup[] {
  const { application_environment: environment, application_name: name } = row;
  const input = fromJson<
    Pick<StartRunOptions, 'environment' | 'metadata' | 'parameters'>
  >(row.input);
  return groupsOf(
    {
      ...input,
      definition: options.definition,
      application:
        environment !== null && name !== null
          ? {
              environment,
              environmentType: row.application_environment_type ?? '',
              name,
              owner: row.application_owner ?? undefined,
            }
          : undefined,
      concurrencyKey: row.concurrency_key ?? undefined,
      team: row.team ?? undefined,
      initiator: options.initiator,
      parentRun:
        row.parent_run_id !== null && row.parent_step !== null
          ? { id: row.parent_run_id, step: row.parent_step }
          : undefined,
    },
    options.limits,
  );
}

async function nestedColumns(
  transaction: Knex.Transaction,
  parentRun: { id: string; step: string },
) {
  const parent: { depth: number } | undefined = await transaction(
    'workflow_runs',
  )
    .where({ id: parentRun.id })
    .first('depth');
  return {
    parent_run_id: parentRun.id,
    parent_step: parentRun.step,
    depth: (parent?.depth ?? 0) + 1,
    concurrency_key: null,
  };
}
