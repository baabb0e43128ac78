import { measure } from './measure.mjs';

/**
 * The frame of a process that measures one engine: its only argument is JSON,
 * and its last line of output is the result.
 */
export async function runSubject(createWorkflow) {
  const options = JSON.parse(process.argv[2]);
  const { one, close } = await createWorkflow(options);
  const result = await measure({ ...options, one });
  await close();
  process.stdout.write(`\nRESULT ${JSON.stringify(result)}\n`);
}
