/**
 * Proof for runtimes: what each of them has to do, as a suite of tests.
 *
 * @packageDocumentation
 */
export * from './describeRuntimeContract';
export * from './RuntimeTestHarness';
