import { parseArgs } from 'node:util';
import { PlainError } from '../../../scripts/lib/log.mjs';
import { SUBJECTS } from './subjects.mjs';

export const USAGE = `Usage: npm run bench:engine -- [options]

  --quick         three short rounds of what the ratios need, within six minutes
  --only a,b      only these subjects: ${SUBJECTS.map(({ key }) => key).join(', ')}
  --rounds n      how often to go around the subjects
  --history       cost with a million finished runs in the tables, and nothing else
  --runs n        finished runs to fill in instead of a million
  --on name       history on "postgres" or "sqlite" only
  --json FILE     write every measured figure to this file
  --markdown      print the tables as they stand in docs/engine.md, too
  --help          this text`;

/** Reads the command line. */
export function readOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        history: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        only: { type: 'string' },
        rounds: { type: 'string' },
        runs: { type: 'string' },
        on: { type: 'string' },
        json: { type: 'string' },
        markdown: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new PlainError(`${error.message}\n\n${USAGE}`, 2);
  }
  const only = values.only?.split(',').map(key => key.trim());
  for (const key of only ?? []) {
    if (!SUBJECTS.some(subject => subject.key === key)) {
      throw new PlainError(`There is no subject "${key}".\n\n${USAGE}`, 2);
    }
  }
  if (values.on && !['postgres', 'sqlite'].includes(values.on)) {
    throw new PlainError(
      `--on is "${values.on}", but has to be "postgres" or "sqlite".`,
      2,
    );
  }
  return {
    ...values,
    only,
    rounds: readCount('rounds', values.rounds) ?? (values.quick ? 3 : 5),
    runs: readCount('runs', values.runs) ?? 1_000_000,
    times: values.quick
      ? { warmUpMs: { alone: 5_000, together: 2_000 }, windowMs: 3_000 }
      : { warmUpMs: { alone: 8_000, together: 4_000 }, windowMs: 10_000 },
  };
}

function readCount(name, value) {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) {
    throw new PlainError(
      `--${name} is "${value}", but has to be a whole number from 1.`,
      2,
    );
  }
  return count;
}
