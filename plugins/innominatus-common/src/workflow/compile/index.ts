export * from './compileWorkflow';
export { moduleOfStepType, optionalStepTypes } from './knownModules';
export type { CompileOptions, StepTypeCatalog, StepTypeInfo } from './options';
export * from './readWorkflowDocuments';
export type { Locate, SourcePosition } from './report';
