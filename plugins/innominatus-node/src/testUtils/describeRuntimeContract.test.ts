import { Fault, InMemoryRuntime } from '../__testUtils__/InMemoryRuntime';
import { ContractStage } from './ContractStage';
import { describeRuntimeContract } from './describeRuntimeContract';
import { SCENARIOS } from './scenarios';
import { ScriptedSteps } from './ScriptedSteps';

describeRuntimeContract(
  'the reducer with nothing around it',
  async options => InMemoryRuntime.create(options),
  { without: ['outage', 'secrets', 'workspace'], patienceMs: 10_000 },
);

describe('the contract', () => {
  async function play(topic: string, name: string, fault?: Fault) {
    const scenario = SCENARIOS[topic].find(other => other.name === name);
    if (!scenario) {
      throw new Error(`There is no scenario "${name}"`);
    }
    const steps = ScriptedSteps.create();
    const stage = ContractStage.create({
      harness: InMemoryRuntime.create({ stepTypes: steps.stepTypes, fault }),
      steps,
      patienceMs: 1500,
    });
    try {
      await scenario.play(stage, expect);
      await stage.checkReplay(expect);
    } finally {
      await stage.close();
    }
  }

  it.each<[Fault, string, string]>([
    [
      'takes a stale outcome',
      'takeovers',
      'takes nothing from a worker that lost its run',
    ],
    [
      'forgets its last event in a crash',
      'interruptions',
      'goes on waiting for an approval when no worker lives',
    ],
    [
      'counts shutdowns as losses',
      'takeovers',
      'hands runs over when workers stop in good order, any number of times',
    ],
    [
      'starts a run of the same id again',
      'identity',
      'starts one run for an id, however often it is submitted',
    ],
    [
      'fires no timers',
      'retries',
      'tries a step again until it succeeds, each time with a new key',
    ],
    [
      'keeps the fencing token',
      'interruptions',
      'runs an interrupted step again under the same key',
    ],
  ])('finds a runtime that %s', async (fault, topic, name) => {
    await play(topic, name);
    await expect(play(topic, name, fault)).rejects.toThrow(/./);
  });
});
