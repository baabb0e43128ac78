import { measure } from './measure.mjs';

/** Of each workflow; the same for every engine. */
export const STEPS = 10;

/**
 * The frame of a process that measures one engine: its only argument is JSON,
 * and a line of its output is the result.
 *
 * `one` starts a workflow and settles when its end is durable. `verify` throws
 * unless the engine's own store shows that many workflows with all their steps:
 * a figure of work that was not done is no figure.
 */
export async function runSubject(createWorkflow) {
  const options = JSON.parse(process.argv[2]);
  const { one, verify, close } = await createWorkflow(options);
  const result = await measure({ ...options, one });
  await verify(result.total);
  await close();
  process.stdout.write(`\nRESULT ${JSON.stringify(result)}\n`, () => {
    // Some engines leave timers behind.
    process.exit();
  });
}

/** Throws unless the store holds what the closed loop saw. */
export function expectCount({ what, found, expected }) {
  if (Number(found) !== expected) {
    throw new Error(`Expected ${expected} ${what}, found ${found}`);
  }
}
