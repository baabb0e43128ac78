import { AnalysisStep } from './types';

/** Says what an estimate rests on, so that nobody takes a guess for a fact. */
export function assumptionsOf(steps: readonly AnalysisStep[]): string[] {
  const observed = steps.filter(({ basis }) => basis === 'history');
  const assumed = steps.filter(({ basis }) => basis === 'assumption');
  const sentences = [
    'Nothing waits: approvals, locks and queues are not part of the estimate.',
  ];
  if (observed.length > 0) {
    const samples = observed.map(step => step.samples ?? 0);
    sentences.push(
      `${names(observed)}: the median of earlier runs (${range(samples)} each).`,
    );
  }
  if (assumed.length > 0) {
    sentences.push(
      `${names(assumed)}: assumed, without earlier runs to go by.`,
    );
  }
  return sentences;
}

const NAMED_STEPS = 6;

function names(steps: readonly AnalysisStep[]): string {
  const named = steps
    .slice(0, NAMED_STEPS)
    .map(({ name, seconds }) => `${name} (${seconds} s)`)
    .join(', ');
  return steps.length > NAMED_STEPS
    ? `${named} and ${steps.length - NAMED_STEPS} more`
    : named;
}

function range(samples: readonly number[]): string {
  const [least, most] = [Math.min(...samples), Math.max(...samples)];
  return least === most ? `${least}` : `${least} to ${most}`;
}
