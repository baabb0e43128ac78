export * from './describeBounds';
export * from './jsonSchema';
export * from './types';
export * from './validateCall';
export * from './validateParameters';
