import { setTimeout as sleep } from 'node:timers/promises';
import {
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';

const MAX_PUSHES = 12;
const RETRY_MS = 200;

/**
 * Starts over from the newest commit for as long as others push faster. The
 * work answers nothing when somebody else was first.
 */
export async function pushWithRetry<T>(
  step: Pick<StepContext<unknown>, 'log' | 'signal'>,
  target: { url: URL; branch: string },
  work: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; attempt <= MAX_PUSHES; attempt += 1) {
    const done = await work();
    if (done !== undefined) {
      return done;
    }
    step.log.info(
      `Somebody else pushed to "${target.branch}" at the same moment; starting from their commit.`,
    );
    await sleep(RETRY_MS * attempt * (0.5 + Math.random()), undefined, {
      signal: step.signal,
    });
  }
  throw new StepFailure(
    `Others pushed to "${target.branch}" of "${target.url.href}" faster, ${MAX_PUSHES} times in a row.`,
    { code: 'GIT_PUSH_RACE', transient: true },
  );
}
