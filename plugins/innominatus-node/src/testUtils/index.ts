/**
 * For tests: how providers are tried out, and what runtimes and step runners have
 * to do, as suites of tests.
 *
 * @packageDocumentation
 */
export * from './describeRuntimeContract';
export * from './provider';
export * from './RuntimeTestHarness';
export * from './stepRunner';
