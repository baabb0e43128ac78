import {
  evolve,
  Run,
  RunEvent,
  RunState,
  StepDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { LedgerEntry } from './FileLedger';

export interface CheckedRun {
  run: Run;
  events: RunEvent[];
  /** Of this run only, in the order in which they happened. */
  entries: LedgerEntry[];
}

export interface Verdict {
  /** What must not be, each in one sentence. */
  violations: string[];
  /** Beginnings of attempts whose end was recorded already. */
  finishedTwice: number;
  /** Interruptions in the journal, by what happened to the step. */
  interrupted: Record<'rerun' | 'resume' | 'hold', number>;
  /** Effects that a target which knows the fencing token has refused. */
  refused: number;
}

type Say = (violation: string) => void;

/** Holds what a run left in its journal against what it did to the world. */
export function checkRun(checked: CheckedRun): Verdict {
  const violations: string[] = [];
  const say: Say = violation => violations.push(violation);
  checkReplay(checked, say);
  const { accepted, refused } = fence(checked.entries);
  const begins = accepted.filter(({ kind }) => kind === 'begin');
  const again = begins.filter(entry => entry.again);
  for (const { step, attempt } of again) {
    say(`Step "${step}" began again after the end of attempt ${attempt}`);
  }
  const [first] = checked.events;
  const steps = first?.type === 'RunStarted' ? first.definition.steps : [];
  for (const definition of steps) {
    checkOrder(definition, begins, say);
    checkStarts(definition, checked.events, begins, say);
    checkOutcomes(definition, checked, say);
    checkCleanUp(definition, checked.run, say);
  }
  const interrupted = { rerun: 0, resume: 0, hold: 0 };
  for (const event of checked.events) {
    if (event.type === 'StepLost') {
      interrupted[event.action] += 1;
    }
  }
  return { violations, finishedTwice: again.length, interrupted, refused };
}

/** The journal alone gives what is read, and says nothing twice. */
function checkReplay({ run, events }: CheckedRun, say: Say): void {
  let state: RunState | undefined;
  for (const [i, event] of events.entries()) {
    const next: RunState = evolve(state, event);
    if (next === state) {
      say(`Event ${i + 1} (${event.type}) changes nothing`);
    }
    state = next;
  }
  const replayed = state && {
    status: state.status,
    outputs: state.outputs,
    failure: state.failure,
    steps: Object.values(state.steps).map(pickStep),
  };
  const { status, outputs, failure } = run;
  const read = { status, outputs, failure, steps: run.steps.map(pickStep) };
  // Through JSON, because absent and undefined are the same here.
  if (JSON.stringify(replayed) !== JSON.stringify(read)) {
    say(
      `The journal gives ${JSON.stringify(replayed)}, the tables say ${JSON.stringify(read)}`,
    );
  }
}

function pickStep(step: Run['steps'][number] | RunState['steps'][string]) {
  const { name, status, attempt, outputs, error, skipReason } = step;
  return { name, status, attempt, outputs, error, skipReason };
}

/** A target that remembers the highest token takes nothing with a lower one. */
function fence(entries: LedgerEntry[]) {
  let highest = 0;
  const accepted = entries.filter(({ token }) => {
    highest = Math.max(highest, token);
    return token === highest;
  });
  return { accepted, refused: entries.length - accepted.length };
}

function checkOrder(
  { name, dependsOn }: StepDefinition,
  begins: LedgerEntry[],
  say: Say,
): void {
  const first = begins.find(({ step }) => step === name);
  for (const before of dependsOn) {
    const late = begins.find(
      ({ step, at }) => step === before && first && at > first.at,
    );
    if (late) {
      say(`Step "${before}" began after "${name}", which depends on its end`);
    }
  }
}

/** Each start in the journal leads to one beginning at most. */
function checkStarts(
  { name, type }: StepDefinition,
  events: RunEvent[],
  begins: LedgerEntry[],
  say: Say,
): void {
  const ofStep = events.filter(event => 'step' in event && event.step === name);
  const attempts = new Set(
    begins.filter(b => b.step === name).map(b => b.attempt),
  );
  for (const attempt of attempts) {
    const begun = begins.filter(b => b.step === name && b.attempt === attempt);
    const count = (kind: RunEvent['type']) =>
      ofStep.filter(
        event =>
          event.type === kind &&
          'attempt' in event &&
          event.attempt === attempt,
      ).length;
    const starts = count('StepStarted');
    if (begun.length > starts) {
      say(
        `Attempt ${attempt} of "${name}" was started ${starts} times and began ${begun.length} times`,
      );
    }
    if (new Set(begun.map(({ token }) => token)).size < begun.length) {
      say(`One worker began attempt ${attempt} of "${name}" twice`);
    }
    const resumed = begun.filter(({ how }) => how === 'resume').length;
    if (resumed > (type === 'resume' ? count('StepLost') : 0)) {
      say(`Attempt ${attempt} of "${name}" was resumed ${resumed} times`);
    }
    const approvals = ofStep.filter(
      event => event.type === 'Signal' && event.kind === 'approve',
    ).length;
    if (type === 'hold' && starts > 1 + approvals) {
      say(`Attempt ${attempt} of "${name}" was run again and nobody asked`);
    }
  }
  for (const event of ofStep) {
    if (event.type === 'StepLost' && event.action !== type) {
      say(`"${name}" is of type ${type} and was lost with ${event.action}`);
    }
  }
}

/** Nobody forces an end here, so what cleans up is never left out. */
function checkCleanUp({ name, ...step }: StepDefinition, run: Run, say: Say) {
  const status = run.steps.find(found => found.name === name)?.status;
  if (step.finally && status !== 'succeeded' && status !== 'failed') {
    say(`The step "${name}" of "finally" is ${status}`);
  }
}

/** What is recorded was done, by the last worker that did it. */
function checkOutcomes(
  { name }: StepDefinition,
  { events, entries }: CheckedRun,
  say: Say,
): void {
  for (const event of events) {
    if (event.type !== 'StepSucceeded' || event.step !== name) {
      continue;
    }
    const { attempt } = event;
    const done = entries.find(
      ({ kind, nonce }) => kind === 'end' && nonce === event.outputs.nonce,
    );
    if (!done) {
      say(`Attempt ${attempt} of "${name}" is recorded, but was not done`);
      continue;
    }
    const newest = Math.max(
      ...entries
        .filter(e => e.step === name && e.attempt === attempt)
        .map(({ token }) => token),
    );
    if (done.token < newest) {
      say(
        `The outcome of "${name}" is from token ${done.token}, but ${newest} had begun it`,
      );
    }
  }
}
