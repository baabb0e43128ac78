import type {
  RunLogLine,
  RunStep,
  WaitingReason,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Talk } from '../output/Talk';
import { paintState } from '../output/styles';
import { safeLine, safeText } from '../output/text';
import { elapsed } from '../output/time';

/** Prints what is new about a run, each change once. */
export class RunProgress {
  readonly #talk: Talk;
  readonly #shown = new Map<string, string>();
  #waiting?: string;

  private constructor(talk: Talk) {
    this.#talk = talk;
  }

  static create(talk: Talk): RunProgress {
    return new RunProgress(talk);
  }

  showSteps(steps: readonly RunStep[]): void {
    for (const step of steps) {
      const state = `${step.status} ${step.attempt}`;
      const before = this.#shown.get(step.name) ?? 'pending 0';
      this.#shown.set(step.name, state);
      if (state !== before && step.status !== 'pending') {
        this.#talk.say(this.#stepLine(step));
      }
    }
  }

  showWaiting(waiting: WaitingReason | undefined): void {
    if (waiting && waiting.message !== this.#waiting) {
      this.#talk.say(
        `${paintState('waiting', this.#talk.styles)}: ${safeLine(waiting.message)}${waiting.link ? ` See ${safeLine(waiting.link.url)}` : ''}`,
      );
    }
    this.#waiting = waiting?.message;
  }

  showLine(line: RunLogLine): void {
    this.#talk.say(logLine(line, this.#talk.styles));
  }

  showNoLogs(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#talk.warn(`The log cannot be followed: ${safeLine(reason)}`);
  }

  #stepLine(step: RunStep): string {
    const state = paintState(step.status, this.#talk.styles);
    const attempt = step.attempt > 1 ? ` (attempt ${step.attempt})` : '';
    return `${this.#talk.styles.bold(safeLine(step.name))}: ${state}${attempt}${stepNote(step)}`;
  }
}

/** Why a step is in its state, or how long it took. */
export function stepNote(step: RunStep): string {
  switch (step.status) {
    case 'succeeded':
      return ` in ${elapsed(step.startedAt, step.endedAt) || '0s'}`;
    case 'failed':
      return step.error ? `: ${safeLine(step.error.message)}` : '';
    case 'skipped':
      return step.skipReason ? `: ${safeLine(step.skipReason)}` : '';
    case 'waiting':
      return step.waiting ? `: ${safeLine(step.waiting.message)}` : '';
    default:
      return '';
  }
}

/** A line of a log, behind the name of its step. */
export function logLine(line: RunLogLine, styles: Talk['styles']): string {
  const prefix = styles.dim(`${safeLine(line.step)} |`);
  const paint = {
    info: (text: string) => text,
    warn: styles.yellow,
    error: styles.red,
  };
  return safeText(line.text)
    .replace(/\n+$/, '')
    .split('\n')
    .map(text => `${prefix} ${(paint[line.level] ?? paint.info)(text)}`)
    .join('\n');
}
