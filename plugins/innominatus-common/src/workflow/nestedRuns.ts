/**
 * How deep runs may be nested; deeper is more likely a loop than a plan.
 *
 * @public
 */
export const MAX_RUN_DEPTH = 8;

/**
 * What a step of the type `workflow` fails with when there is no such workflow.
 *
 * @remarks
 * Golden paths are no workflows to call: who may run one, and which policies
 * judge it, is asked of a person who starts it, and a step has nobody to ask.
 *
 * @public
 */
export function unknownWorkflow(name: string): {
  code: string;
  message: string;
} {
  return {
    code: 'WORKFLOW_NOT_FOUND',
    message: `There is no workflow "${name}". Check the name in "config.workflow" and the folders in "innominatus.locations". Golden paths cannot be called; move what two of them share into a workflow.`,
  };
}

/**
 * Why a run is not started inside of so many others.
 *
 * @public
 */
export function nestedTooDeep(): string {
  return `Runs are nested deeper than ${MAX_RUN_DEPTH} levels. Check that no workflow starts itself.`;
}
