import {
  Definitions,
  Diagnostic,
  SimulateGoldenPathOptions,
  SimulatedGoldenPath,
  simulateGoldenPath,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepType } from '@innominatus/backstage-plugin-innominatus-node';
import { executeStep } from './executeStep';
import {
  TestDefinitionsOptions,
  readTestDefinitions,
} from './readTestDefinitions';

/** @public */
export interface GoldenPathTesterOptions extends TestDefinitionsOptions {
  /** Step types to carry out for real; all others are simulated. */
  stepTypes?: StepType[];
}

/** @public */
export type TestGoldenPathOptions = Omit<
  SimulateGoldenPathOptions,
  'definitions' | 'execute'
>;

/**
 * Runs golden paths in a unit test: their parameters are checked and their
 * conditions, approvals, nested runs and outputs are those of innominatus, and
 * nothing is behind the steps but what the test says.
 *
 * @public
 */
export class GoldenPathTester {
  readonly #definitions: Definitions;
  readonly #stepTypes: Map<string, StepType>;
  /** Everything that is wrong with the files; empty when they are good. */
  readonly diagnostics: Diagnostic[];

  static create(options: GoldenPathTesterOptions): GoldenPathTester {
    return new GoldenPathTester(options);
  }

  private constructor(options: GoldenPathTesterOptions) {
    const { stepTypes = [] } = options;
    const { definitions, diagnostics } = readTestDefinitions(options);
    this.diagnostics = diagnostics;
    this.#definitions = definitions;
    this.#stepTypes = new Map(stepTypes.map(type => [type.name, type]));
  }

  async run(options: TestGoldenPathOptions): Promise<SimulatedGoldenPath> {
    return simulateGoldenPath({
      ...options,
      definitions: this.#definitions,
      execute: attempt => executeStep(this.#stepTypes, attempt),
    });
  }
}
