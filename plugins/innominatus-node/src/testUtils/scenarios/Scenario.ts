import { ContractStage } from '../ContractStage';
import { RuntimeFeature } from '../RuntimeTestHarness';

/** One thing that every runtime has to do. */
export interface Scenario {
  name: string;
  /** Left out for runtimes that cannot show it in a test. */
  needs?: RuntimeFeature[];
  /** `expect` is the one of the test runner. */
  play(stage: ContractStage, expect: jest.Expect): Promise<void>;
}
