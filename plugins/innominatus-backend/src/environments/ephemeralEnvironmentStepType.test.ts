import { createEphemeralEnvironmentStepType } from './ephemeralEnvironmentStepType';

describe('the step type for short-lived environments', () => {
  const { schema } = createEphemeralEnvironmentStepType({
    environments: { createCopy: jest.fn(), get: jest.fn(), remove: jest.fn() },
  });
  const accepts = (ttl: string | undefined) =>
    schema!.safeParse({ from: 'staging', branch: 'a', ttl }).success;

  it.each([['4h'], ['2d'], ['PT4H'], [undefined]])('takes %s', ttl => {
    expect(accepts(ttl)).toBe(true);
  });

  it.each([['forever'], ['30'], ['-4h'], ['1s'], ['']])(
    'does not take %j for a time to live',
    ttl => {
      expect(accepts(ttl)).toBe(false);
    },
  );
});
