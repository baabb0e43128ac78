import {
  SimulatedAnswer,
  SimulatedAttempt,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepType } from '@innominatus/backstage-plugin-innominatus-node';
import { testContext } from './testContext';

/** Carries a step out when the test brought its type. */
export async function executeStep(
  stepTypes: ReadonlyMap<string, StepType>,
  attempt: SimulatedAttempt,
): Promise<SimulatedAnswer | undefined> {
  const stepType = stepTypes.get(attempt.step.type);
  if (!stepType) {
    return undefined;
  }
  const result = await stepType.run({
    ...testContext(attempt),
    config: stepType.schema.parse(attempt.config),
    parameters: attempt.parameters,
    env: attempt.env,
  });
  return { outputs: result?.outputs };
}
