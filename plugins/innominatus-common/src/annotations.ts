/**
 * Annotation of a component: name of the workload that its Score spec describes.
 *
 * @public
 */
export const ANNOTATION_WORKLOAD = 'innominatus.dev/workload';

/**
 * Annotation of a resource entity: id of the resource in innominatus.
 *
 * @public
 */
export const ANNOTATION_RESOURCE_ID = 'innominatus.dev/resource-id';

/**
 * Annotation of a template: name of the golden path it runs.
 *
 * @public
 */
export const ANNOTATION_GOLDEN_PATH = 'innominatus.dev/golden-path';

/**
 * Name of the template entity of a golden path, in the namespace `default`.
 *
 * @public
 */
export function templateNameOf(goldenPath: string): string {
  return `innominatus-${goldenPath}`;
}
