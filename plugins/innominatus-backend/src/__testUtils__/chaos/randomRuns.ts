import { WorkflowDefinition } from '@innominatus/backstage-plugin-innominatus-common';
import { TestStep, testWorkflow } from '../workflows';

export const CHAOS_STEP_TYPES = ['rerun', 'resume', 'hold'] as const;

export interface ChaosStepConfig {
  ms: number;
  /** So many attempts fail before one succeeds. */
  failures?: number;
  transient?: boolean;
}

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

const LONG = { timeoutMs: 600_000 };

/**
 * Steps of all interrupt types, each after some of the steps before it, with
 * retries, failures, conditions, approvals and a clean-up.
 */
export function randomEventfulWorkflow(random: Random): WorkflowDefinition {
  const count = 3 + Math.floor(random() * 7);
  const steps = Array.from({ length: count }, (_, i) => ({
    ...randomStep(random, i),
    ...randomTurn(random),
  }));
  const last = steps.map(step => step.name);
  if (random() < 0.5) {
    const tidy = randomStep(random, 0);
    steps.push({
      ...tidy,
      name: 'tidy',
      when: 'always',
      finally: true,
      dependsOn: last,
    });
  }
  return testWorkflow(steps, {
    ...LONG,
    ...(random() < 0.3 ? { maxParallel: 2 } : {}),
  });
}

function randomStep(random: Random, i: number): TestStep {
  return {
    name: `s${i}`,
    type: CHAOS_STEP_TYPES[Math.floor(random() * CHAOS_STEP_TYPES.length)],
    config: { ms: Math.floor(random() * 60) },
    dependsOn: Array.from({ length: i }, (_unused, j) => `s${j}`).filter(
      () => random() < 0.4,
    ),
    ...LONG,
  };
}

/** What makes a step different from one that simply succeeds. */
function randomTurn(random: Random): Partial<TestStep> {
  const ms = Math.floor(random() * 120);
  const draw = random();
  if (draw < 0.15) {
    const failures = 1 + Math.floor(random() * 3);
    return {
      config: { ms, failures, transient: true },
      retry: {
        attempts: 3,
        backoff: { initialMs: 50, factor: 3, maxMs: 1000, jitter: 0.2 },
      },
    };
  }
  if (draw < 0.2) {
    return { config: { ms, failures: 9 } };
  }
  if (draw < 0.3) {
    return { if: random() < 0.5 ? '${params.yes}' : '${params.no}' };
  }
  if (draw < 0.4) {
    return { when: random() < 0.5 ? 'always' : 'on_failure' };
  }
  return draw < 0.47 ? { when: 'manual' } : {};
}
