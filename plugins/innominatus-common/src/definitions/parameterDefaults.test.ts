import { withParameterDefaults } from './parameterDefaults';

const SCHEMA = {
  type: 'object',
  properties: {
    size: { type: 'string', default: '1Gi' },
    class: { type: 'string' },
    backup: {
      type: 'object',
      properties: { keep: { type: 'integer', default: 7 } },
    },
  },
};

describe('withParameterDefaults', () => {
  it('fills in what is not said, and nothing that has no default', () => {
    expect(withParameterDefaults(SCHEMA, {})).toEqual({ size: '1Gi' });
  });

  it('keeps what is said, also when it is empty', () => {
    expect(withParameterDefaults(SCHEMA, { size: '', class: 'fast' })).toEqual({
      size: '',
      class: 'fast',
    });
  });

  it('fills in objects that are there, and adds none', () => {
    expect(withParameterDefaults(SCHEMA, { backup: {} })).toEqual({
      size: '1Gi',
      backup: { keep: 7 },
    });
  });

  it('leaves parameters alone without a schema, and does not change its input', () => {
    const params = { size: '2Gi' };
    expect(withParameterDefaults(undefined, params)).toBe(params);
    withParameterDefaults(SCHEMA, params);
    expect(params).toEqual({ size: '2Gi' });
  });
});
