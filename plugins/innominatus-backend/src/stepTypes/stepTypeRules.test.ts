import { ConfigReader } from '@backstage/config';
import { StepTypeRegistry } from './StepTypeRegistry';
import { simulateStepType } from './simulate';
import { readStepTypeRules } from './stepTypeRules';
import { waitStepType } from './wait';

function registered(stepTypes: { allow?: string[]; deny?: string[] }) {
  const registry = StepTypeRegistry.create([simulateStepType, waitStepType], {
    isAllowed: readStepTypeRules(
      new ConfigReader({ innominatus: { stepTypes } }),
    ),
  });
  return registry.list().map(({ name }) => name);
}

describe('rules for step types', () => {
  it('let every registered type be used when nothing is said', () => {
    expect(registered({})).toEqual(['simulate', 'wait']);
  });

  it('leave out what is denied, and everything that is not allowed', () => {
    expect(registered({ deny: ['wait'] })).toEqual(['simulate']);
    expect(registered({ allow: ['wait'] })).toEqual(['wait']);
  });

  it('let deny win over allow', () => {
    expect(registered({ allow: ['wait'], deny: ['wait'] })).toEqual([]);
  });
});
