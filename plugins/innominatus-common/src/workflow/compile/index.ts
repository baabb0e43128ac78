export * from './compileWorkflow';
export { moduleOfStepType, replacementOfStepType } from './elsewhere';
export type { CompileOptions, StepTypeCatalog, StepTypeInfo } from './options';
export * from './readWorkflowDocuments';
export type { Locate, SourcePosition } from './report';
