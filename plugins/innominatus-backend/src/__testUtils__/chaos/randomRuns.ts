import { WorkflowDefinition } from '@innominatus/backstage-plugin-innominatus-common';
import { testWorkflow } from '../workflows';

export const CHAOS_STEP_TYPES = ['rerun', 'resume', 'hold'] as const;

export type Random = () => number;

/** The same numbers between 0 and 1 for the same seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) % 0x100000000;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}

/** Steps of all interrupt types, each after some of the steps before it. */
export function randomWorkflow(random: Random): WorkflowDefinition {
  const count = 3 + Math.floor(random() * 5);
  return testWorkflow(
    Array.from({ length: count }, (_, i) => ({
      name: `s${i}`,
      type: CHAOS_STEP_TYPES[Math.floor(random() * CHAOS_STEP_TYPES.length)],
      config: { ms: Math.floor(random() * 60) },
      dependsOn: Array.from({ length: i }, (_unused, j) => `s${j}`).filter(
        () => random() < 0.4,
      ),
      timeoutMs: 600_000,
    })),
    { timeoutMs: 600_000 },
  );
}
