import { FieldSet, intersect, isEmpty, subtract, unite } from './fieldSets';
import { Schema } from './schema';
import { StatusError } from './StatusError';
import { differencesOf } from './typedObject';

/** An entry of `metadata.managedFields`. */
export interface Manager {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: FieldSet;
}

export type ManagerName = Pick<Manager, 'manager' | 'operation' | 'apiVersion'>;

/** Somebody else owns a field that is about to get another value. */
export function findConflicts(
  schema: Schema,
  options: {
    managers: readonly Manager[];
    name: ManagerName;
    fields: FieldSet;
    live: unknown;
    applied: unknown;
  },
): Array<{ manager: Manager; paths: string[] }> {
  const { managers, name, fields, live, applied } = options;
  return managers
    .filter(manager => !isSame(manager, name))
    .map(manager => ({
      manager,
      paths: differencesOf(schema, {
        left: live,
        right: applied,
        fields: intersect(fields, manager.fieldsV1),
      }),
    }))
    .filter(({ paths }) => paths.some(path => path !== ''))
    .map(({ manager, paths }) => ({
      manager,
      paths: paths.filter(path => path !== ''),
    }));
}

export function toConflict(
  conflicts: ReturnType<typeof findConflicts>,
): StatusError {
  const causes = conflicts.flatMap(({ manager, paths }) =>
    paths.map(field => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${manager.manager}"${manager.operation === 'Update' ? ` using ${manager.apiVersion}` : ''}`,
      field,
    })),
  );
  const [first] = causes;
  return new StatusError(
    409,
    'Conflict',
    `Apply failed with ${causes.length} conflict${causes.length > 1 ? 's' : ''}: ${first.message}: ${first.field}`,
    causes,
  );
}

/** Gives fields to a manager and takes others from everybody else. */
export function assign(
  managers: readonly Manager[],
  name: ManagerName,
  change: { fields: FieldSet; taken: FieldSet; add?: boolean },
): Manager[] {
  const own = managers.find(manager => isSame(manager, name));
  const fieldsV1 =
    change.add && own ? unite(own.fieldsV1, change.fields) : change.fields;
  const others = managers
    .filter(manager => !isSame(manager, name))
    .map(manager => ({
      ...manager,
      fieldsV1: subtract(manager.fieldsV1, change.taken),
    }));
  const entry: Manager = {
    ...name,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
  return [entry, ...others].filter(({ fieldsV1: set }) => !isEmpty(set));
}

export function fieldsOfManager(
  managers: readonly Manager[],
  name: ManagerName,
): FieldSet {
  return managers.find(manager => isSame(manager, name))?.fieldsV1 ?? {};
}

export function fieldsOfOthers(
  managers: readonly Manager[],
  name: ManagerName,
): FieldSet {
  return managers
    .filter(manager => !isSame(manager, name))
    .reduce<FieldSet>((all, { fieldsV1 }) => unite(all, fieldsV1), {});
}

function isSame(left: ManagerName, right: ManagerName): boolean {
  return left.manager === right.manager && left.operation === right.operation;
}
