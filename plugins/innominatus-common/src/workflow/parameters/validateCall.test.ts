import { secretToken } from '../secretToken';
import { ParameterDefinition } from './types';
import { validateCall } from './validateCall';

const SIZE: ParameterDefinition = {
  name: 'size',
  type: 'int',
  required: false,
  default: 3,
  max: 5,
};
const PASSWORD: ParameterDefinition = {
  name: 'password',
  type: 'string',
  required: true,
  pattern: '^[a-z]+$',
};

describe('validateCall', () => {
  it('checks and fills in as for a golden path', () => {
    expect(validateCall([SIZE], {}).values).toEqual({ size: 3 });
    expect(validateCall([SIZE], { size: '4' }).values).toEqual({ size: 4 });
    expect(validateCall([SIZE], { size: 6 }).issues).toMatchObject([
      { parameter: 'size', constraint: 'value must be <= 5' },
    ]);
  });

  it('takes anything for a workflow that declares nothing', () => {
    const { values, issues } = validateCall([], { anything: [1] });
    expect({ values, issues }).toEqual({
      values: { anything: [1] },
      issues: [],
    });
  });

  it('names what was not declared, but lets the resource of a provider through', () => {
    const { values, issues } = validateCall([SIZE], {
      sise: 1,
      resource: { slug: 'orders' },
    });
    expect(issues).toMatchObject([
      { parameter: 'sise', suggestion: "did you mean 'size'?" },
    ]);
    expect(values.resource).toEqual({ slug: 'orders' });
  });

  it.each([
    { $secretRef: 'run/1/make/password' },
    secretToken('run/1/make/password'),
    `prefix-${secretToken('run/1/make/password')}`,
  ])('hands the secret %j on as it is', password => {
    const { values, issues } = validateCall([PASSWORD], { password });
    expect(issues).toEqual([]);
    expect(values).toEqual({ password });
  });

  it('does not take a secret for a parameter that nobody declared', () => {
    const { values, issues } = validateCall([SIZE], {
      password: { $secretRef: 'run/1/make/password' },
    });
    expect(values).toEqual({ size: 3 });
    expect(issues).toMatchObject([{ parameter: 'password' }]);
    expect(issues[0].message).not.toContain('secretRef');
  });
});
