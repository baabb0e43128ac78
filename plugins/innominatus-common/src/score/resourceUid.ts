/**
 * What identifies a resource.
 *
 * @public
 */
export interface ResourceUidOptions {
  workload: string;
  /** Name of the resource in the Score spec. */
  name: string;
  type: string;
  /** Default `default`. */
  class?: string;
  /** Set when the resource is shared between workloads. */
  id?: string;
}

/**
 * The identity of a resource as Score defines it: `type.class#workload.name`,
 * or `type.class#id` when an id is set.
 *
 * @public
 */
export function resourceUid(options: ResourceUidOptions): string {
  const kind = `${options.type}.${options.class ?? 'default'}`;
  return options.id === undefined
    ? `${kind}#${options.workload}.${options.name}`
    : `${kind}#${options.id}`;
}
