import { ContractStage } from './ContractStage';
import { CreateRuntimeTestHarness, RuntimeFeature } from './RuntimeTestHarness';
import { SCENARIOS } from './scenarios';
import { ScriptedSteps } from './ScriptedSteps';

/**
 * Options of {@link describeRuntimeContract}.
 *
 * @public
 */
export interface RuntimeContractOptions {
  /** What the harness cannot show; scenarios that need it are left out. */
  without?: RuntimeFeature[];
  /** Longest wait for something that has to happen (default 20 s). */
  patienceMs?: number;
}

/**
 * Describes what every runtime has to do, with the functions of the test
 * runner (`describe`, `it` and `expect` have to be global, as in Jest).
 *
 * @remarks
 * Each scenario gets a harness of its own. After it, every run it started has
 * to have ended, and what is read of it has to be what its events say.
 *
 * @public
 */
export function describeRuntimeContract(
  name: string,
  createHarness: CreateRuntimeTestHarness,
  options: RuntimeContractOptions = {},
): void {
  const { without = [], patienceMs = 20_000 } = options;
  const runner = { describe, it, expect };
  runner.describe(`runtime contract: ${name}`, () => {
    for (const [topic, scenarios] of Object.entries(SCENARIOS)) {
      runner.describe(topic, () => {
        for (const scenario of scenarios) {
          if (scenario.needs?.some(feature => without.includes(feature))) {
            continue;
          }
          runner.it(
            scenario.name,
            async () => {
              const steps = ScriptedSteps.create();
              const stage = ContractStage.create({
                harness: await createHarness({ stepTypes: steps.stepTypes }),
                steps,
                patienceMs,
              });
              try {
                await scenario.play(stage, runner.expect);
                await stage.checkReplay(runner.expect);
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
