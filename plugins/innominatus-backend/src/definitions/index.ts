export * from './DefinitionRegistry';
export * from './parameterSchemas';
export * from './types';
