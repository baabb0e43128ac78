export * from './evaluate';
export * from './parse';
export * from './references';
export { ConditionSyntaxError } from './tokens';
export type { CompareOperator, TextOperator } from './tokens';
