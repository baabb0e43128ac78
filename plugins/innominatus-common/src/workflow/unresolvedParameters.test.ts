import { compile, HEAD } from './compile/testCompile';
import { findUnresolvedParameters } from './unresolvedParameters';

const find = (spec: string, parameters = {}) => {
  const { definition, diagnostics } = compile(`${HEAD}spec:\n${spec}`);
  if (!definition) {
    throw new Error(diagnostics[0].message);
  }
  return findUnresolvedParameters(definition, parameters).map(
    ({ reference, place, pointer }) => `${reference} ${place} ${pointer}`,
  );
};

describe('parameters without a value', () => {
  it('are found wherever a run would fail at them', () => {
    const spec = `  concurrency: { group: 'env/\${params.stage}' }
  steps:
    - name: a
      type: simulate
      env: { SIZE: $params.size }
      config: { messages: ['\${params.size.large} \${params.size}'] }
    - { name: b, type: simulate, forEach: '\${params.regions}' }
  outputs: { size: '\${params.size}' }
`;
    expect(find(spec)).toEqual([
      '${params.stage} "concurrency" /group',
      '$params.size step "a" /env/SIZE',
      '${params.size.large} step "a" /config/messages/0',
      '${params.size} step "a" /config/messages/0',
      '${params.regions} step "b" /forEach',
      '${params.size} the outputs of the workflow /size',
    ]);
    expect(find(spec, { stage: 'x', size: { large: 1 }, regions: [] })).toEqual(
      [],
    );
  });

  it('are none when they are declared and optional', () => {
    expect(
      find(`  parameters: { note: { type: string } }
  steps: [{ name: a, type: simulate, config: { messages: ['\${params.note}'] } }]
`),
    ).toEqual([]);
  });

  it('do not matter in a step that may be skipped, nor in a condition', () => {
    expect(
      find(`  steps:
    - { name: a, type: simulate, if: params.backup, config: { messages: ['\${params.backup}'] } }
    - { name: b, type: simulate, unless: params.keep == 1, config: { messages: ['\${params.keep}'] } }
    - { name: c, type: simulate, when: on_failure, config: { messages: ['\${params.reason}'] } }
`),
    ).toEqual([]);
  });
});
