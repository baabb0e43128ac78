/**
 * Proof for runtimes and step runners: what each of them has to do, as suites of
 * tests.
 *
 * @packageDocumentation
 */
export * from './describeRuntimeContract';
export * from './RuntimeTestHarness';
export * from './stepRunner';
