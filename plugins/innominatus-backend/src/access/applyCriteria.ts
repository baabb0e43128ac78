import { PermissionCriteria } from '@backstage/plugin-permission-common';
import {
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';
import { Knex } from 'knex';
import { AccessQuery } from './rules';
import { AccessColumns } from './types';

/**
 * Adds the criteria to the query as one group of conditions.
 *
 * @remarks
 * An attribute that the table has no column for matches no row: a rule that
 * cannot be checked must never let something through. The columns come from
 * the stores, never from a request.
 */
export function applyCriteria(
  query: Knex.QueryBuilder,
  criteria: PermissionCriteria<AccessQuery>,
  columns: AccessColumns,
): void {
  query.where(group => addCriteria(group, criteria, columns));
}

function addCriteria(
  group: Knex.QueryBuilder,
  criteria: PermissionCriteria<AccessQuery>,
  columns: AccessColumns,
): void {
  if (isAndCriteria(criteria)) {
    for (const part of criteria.allOf) {
      group.andWhere(inner => addCriteria(inner, part, columns));
    }
    return;
  }
  if (isOrCriteria(criteria)) {
    for (const part of criteria.anyOf) {
      group.orWhere(inner => addCriteria(inner, part, columns));
    }
    return;
  }
  if (isNotCriteria(criteria)) {
    group.whereNot(inner => addCriteria(inner, criteria.not, columns));
    return;
  }
  const column = columns[criteria.attribute];
  if (!column || criteria.values.length === 0) {
    group.whereRaw('1 = 0');
    return;
  }
  // NULL must count as "does not match" and not as "unknown", else the
  // negation of a rule would drop the rows without a value.
  group.whereNotNull(column).whereIn(column, criteria.values);
}
