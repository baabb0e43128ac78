import {
  createStepType,
  StepContext,
  StepResult,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';

const schema = z.looseObject({});

/** A step type whose work is a function of the test. */
export function testStepType(
  name: string,
  run: (context: StepContext<any>) => Promise<StepResult | void>,
  options: Partial<Pick<StepType, 'onInterrupt' | 'effects' | 'schema'>> = {},
): StepType {
  return createStepType({
    name,
    description: 'For a test.',
    schema,
    effects: 'none',
    onInterrupt: 'rerun',
    run,
    ...options,
  });
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
