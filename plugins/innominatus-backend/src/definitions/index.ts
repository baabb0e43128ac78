export * from './DefinitionRegistry';
export * from './parameterDefaults';
export * from './parameterSchemas';
export * from './types';
