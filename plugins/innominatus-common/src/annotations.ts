/**
 * Annotation of a component: name of the workload that its Score spec describes.
 *
 * @public
 */
export const ANNOTATION_WORKLOAD = 'innominatus.dev/workload';

/**
 * Annotation of a component: where its Score file lies, relative to the file
 * of the entity. Files that the Score spec names are looked for from there.
 * Without it they are looked for next to the file of the entity.
 *
 * @public
 */
export const ANNOTATION_SCORE_FILE = 'innominatus.dev/score-file';

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
