export * from './describeStepRunnerContract';
export type { CreateTestStepRunner } from './StepRunnerStage';
