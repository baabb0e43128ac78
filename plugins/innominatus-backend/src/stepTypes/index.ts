export * from './http';
export * from './nestedRun';
export * from './simulate';
export * from './StepTypeRegistry';
export * from './wait';
export * from './workflow';
