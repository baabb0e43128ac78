import { attaching } from './attaching';
import { cancelling } from './cancelling';
import { confinement } from './confinement';
import { results } from './results';
import { CreateTestStepRunner, StepRunnerStage } from './StepRunnerStage';

const SCENARIOS = { results, confinement, cancelling, attaching };

/**
 * Options of {@link describeStepRunnerContract}.
 *
 * @public
 */
export interface StepRunnerContractOptions {
  /** Longest wait for something that has to happen (default 20 s). */
  patienceMs?: number;
}

/**
 * Describes what every step runner has to do, with the functions of the test
 * runner (`describe`, `it` and `expect` have to be global, as in Jest).
 *
 * @remarks
 * Programs see the workspace of the test and write to it.
 *
 * @public
 */
export function describeStepRunnerContract(
  name: string,
  createRunner: CreateTestStepRunner,
  options: StepRunnerContractOptions = {},
): void {
  const { patienceMs = 20_000 } = options;
  const runner = { describe, it, expect };
  runner.describe(`step runner contract: ${name}`, () => {
    for (const [topic, scenarios] of Object.entries(SCENARIOS)) {
      runner.describe(topic, () => {
        for (const scenario of scenarios) {
          runner.it(
            scenario.name,
            async () => {
              const stage = await StepRunnerStage.create({
                createRunner,
                patienceMs,
              });
              try {
                await scenario.play(stage, runner.expect);
              } finally {
                await stage.close();
              }
            },
            3 * patienceMs,
          );
        }
      });
    }
  });
}
