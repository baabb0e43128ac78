import fc from 'fast-check';
import { carryOver } from './carryOver';
import { planUndo } from './planUndo';
import { isRunEnded } from './status';
import { TestRun } from './testDriver';
import { choices, definitions, drain, play } from './__testUtils__/randomRuns';

/** Continues with a retry of the run that ended. */
function retry(run: TestRun, from?: string): TestRun {
  const { carried, definition } = carryOver(run.state, { from });
  return new TestRun(definition, undefined, carried);
}

describe('the retry of a run, wherever it ended,', () => {
  it('keeps a step or decides it anew, and cleans up again always', () => {
    fc.assert(
      fc.property(definitions, choices, fc.nat(), (definition, picks, n) => {
        const run = play(definition, picks);
        drain(run);
        const { name: from } = definition.steps[n % definition.steps.length];
        for (const options of [{}, { from }]) {
          const plan = carryOver(run.state, options);
          const { kept, again } = plan;
          expect([...kept, ...again].sort()).toEqual(
            plan.definition.steps.map(step => step.name).sort(),
          );
          expect(again).toEqual(
            expect.arrayContaining(
              definition.steps
                .filter(step => step.finally || step.name === options.from)
                .map(step => step.name),
            ),
          );
          // What is kept rests on nothing that may turn out differently.
          for (const name of kept) {
            const { dependsOn } = plan.definition.steps.find(
              s => s.name === name,
            )!;
            for (const dependency of dependsOn) {
              expect(
                kept.includes(dependency) ||
                  run.state.steps[dependency].status === 'skipped',
              ).toBe(true);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never starts what it took over, comes to an end, and can be retried itself', () => {
    fc.assert(
      fc.property(
        definitions,
        choices,
        fc.array(choices, { minLength: 1, maxLength: 3 }),
        (definition, picks, rounds) => {
          let run = play(definition, picks);
          drain(run);
          for (const round of rounds) {
            const { kept } = carryOver(run.state);
            const before = run.state;
            run = play(definition, round, undefined, retry(run));
            drain(run);
            expect(isRunEnded(run.state)).toBe(true);
            for (const name of kept) {
              expect(run.state.steps[name]).toMatchObject({
                carried: true,
                status: 'succeeded',
                attempt: 0,
                outputs: before.steps[name].outputs,
              });
            }
            expect(
              run.journal.filter(
                event =>
                  event.type === 'StepStarted' && kept.includes(event.step),
              ),
            ).toEqual([]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the undo of a run, wherever it ended,', () => {
  it('takes back what started, each step after all that was built on it', () => {
    fc.assert(
      fc.property(definitions, choices, fc.nat(), (definition, picks, mask) => {
        const run = play(definition, picks);
        drain(run);
        const refuses = (name: string) => mask % (name.length + 2) === 0;
        const named = {
          ...definition,
          steps: definition.steps.map(s => ({ ...s, type: s.name })),
        };
        const events = run.journal.map(event =>
          event.type === 'RunStarted' ? { ...event, definition: named } : event,
        );
        const plan = planUndo({
          events,
          refuses: type => (refuses(type) ? 'It cannot.' : undefined),
        });
        const undone = plan.definition.steps.map(step => step.name);
        const { steps } = run.state.definition;
        const find = (name: string) => steps.find(s => s.name === name)!;
        const typeOf = (name: string) => find(name).item?.parent ?? name;
        expect([...undone].sort()).toEqual(
          Object.values(run.state.steps)
            .filter(step => step.attempt > 0 && !refuses(typeOf(step.name)))
            .map(step => step.name)
            .sort(),
        );
        const undo = new TestRun(plan.definition);
        const ended: string[] = [];
        while (!isRunEnded(undo.state)) {
          const [next] = undo.starts;
          ended.push(next);
          undo.run(next);
        }
        expect([...ended].sort()).toEqual([...undone].sort());
        const tooEarly = steps.filter(
          step =>
            ended.includes(step.name) &&
            step.dependsOn
              .flatMap(name => find(name).children ?? [name])
              .some(
                name =>
                  ended.includes(name) &&
                  ended.indexOf(name) < ended.indexOf(step.name),
              ),
        );
        expect(tooEarly).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
