export * from './approval';
export * from './http';
export * from './nestedRun';
export * from './simulate';
export * from './StepTypeRegistry';
export * from './stepTypeRules';
export * from './wait';
export * from './workflow';
