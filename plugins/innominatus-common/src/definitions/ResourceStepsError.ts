/**
 * Thrown when a workflow cannot take up the steps of its resources.
 *
 * @public
 */
export class ResourceStepsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ResourceStepsError';
  }
}
