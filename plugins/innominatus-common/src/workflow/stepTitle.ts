import { isTemplate } from './references';
import { StepDefinition } from './types';

/**
 * What to show for a step. The title of a step with `forEach` may name the
 * item, which only the steps of the items have.
 *
 * @public
 */
export function stepTitle(
  step: Pick<StepDefinition, 'name' | 'title' | 'forEach'>,
): string {
  const { name, title, forEach } = step;
  return title === undefined || (forEach && isTemplate(title)) ? name : title;
}
