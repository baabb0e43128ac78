import { ProblemError } from '../http';
import { planBlockers } from './toPlan';
import { PlannedDeployment } from './types';

/** Throws when policies or the budget do not let the plan through. */
export function requireUnblocked(planned: PlannedDeployment): void {
  const [first, ...others] = planBlockers(planned);
  if (first) {
    throw new ProblemError({
      status: 422,
      code: first.code,
      message: `"${planned.environment.name}/${planned.name}" cannot be deployed like this. ${[first, ...others].map(item => item.message).join(' ')}`,
    });
  }
}
