import { pause } from '../engine/loop';

/** Rejects when the step is told to stop. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, signal);
  signal.throwIfAborted();
}
