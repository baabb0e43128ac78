import { compile, HEAD, problems, steps } from './testCompile';

const foreach = (...lines: string[]) =>
  steps(`{ name: list, type: simulate }`, ...lines);

const found = (text: string) =>
  compile(text).diagnostics.map(
    d => `${d.code} ${d.line}:${d.column} ${d.message}`,
  );

describe('forEach', () => {
  it.each([
    ['[eu, us]', ['eu', 'us']],
    ['{ eu: { size: 1 } }', { eu: { size: 1 } }],
    ["['${params.a}', b]", ['${params.a}', 'b']],
    ['"${params.regions}"', '${params.regions}'],
    ['"${steps.list.outputs.items}"', '${steps.list.outputs.items}'],
  ])('%s is read', (written, items) => {
    const { definition, diagnostics } = compile(
      foreach(
        `{ name: go, type: simulate, forEach: ${written}, maxParallel: 3, x: "\${item} \${item.key} \${item.value.size} \${index} $item" }`,
      ),
    );
    expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
    expect(definition?.steps[1].forEach).toEqual({
      items,
      maxItems: 100,
      maxParallel: 3,
    });
    expect(definition?.steps[1].config).not.toHaveProperty('forEach');
  });

  it.each(['a text', '"${params.a} and more"', '"$${params.a}"', '5', 'true'])(
    '%s is not a list, a map or one reference',
    written => {
      expect(
        problems(foreach(`{ name: go, type: simulate, forEach: ${written} }`)),
      ).toContain('WORKFLOW_FOREACH /spec/steps/1/forEach');
    },
  );

  it('may not have more items than allowed', () => {
    const list = Array.from({ length: 101 }, (_, i) => i).join(', ');
    const text = foreach(`{ name: go, type: simulate, forEach: [${list}] }`);
    expect(found(text)[0]).toContain(
      '"forEach" has 101 items, 100 are allowed.',
    );
    expect(problems(text, { maxItems: 101 })).toEqual([]);
  });

  it('keeps the names of its items free', () => {
    expect(
      problems(
        foreach(
          '{ name: go, type: simulate, forEach: [a] }',
          '{ name: go-1, type: simulate }',
        ),
      ),
    ).toEqual(['WORKFLOW_DUPLICATE_STEP /spec/steps/2/name']);
    expect(
      problems(
        foreach(`{ name: ${'a'.repeat(60)}, type: simulate, forEach: [a] }`),
      ),
    ).toEqual(['WORKFLOW_STEP_NAME /spec/steps/1/name']);
  });

  it('is refused where one step already stands for several things', () => {
    const types = { 'resource-provisioning': {} };
    const check = (line: string) =>
      problems(foreach(line), { stepTypes: { simulate: {}, ...types } });
    expect(
      check('{ name: go, type: resource-provisioning, forEach: [a] }'),
    ).toEqual(['WORKFLOW_FOREACH /spec/steps/1/forEach']);
    expect(
      check(
        '{ name: go, type: resource-provisioning, forEach: [a], config: { resource: "${item}" } }',
      ),
    ).toEqual([]);
  });

  it('brings maxParallel, which is nothing without it', () => {
    expect(
      problems(
        foreach(
          '{ name: a, type: simulate, maxParallel: 2 }',
          '{ name: b, type: simulate, forEach: [a], maxParallel: 0 }',
        ),
      ),
    ).toEqual([
      'WORKFLOW_INVALID /spec/steps/1/maxParallel',
      'WORKFLOW_INVALID /spec/steps/2/maxParallel',
    ]);
  });
});

describe('the item of a forEach', () => {
  it('is an error outside of it, with line and column', () => {
    expect(
      found(`${HEAD}spec:
  outputs: { x: "\${item}" }
  steps:
    - name: plain
      type: simulate
      text: for \${item.key}
    - name: each
      type: simulate
      forEach: [a]
`),
    ).toEqual([
      expect.stringMatching(
        /^WORKFLOW_FOREACH 10:13 "\$\{item\.key\}" in step "plain" has no value: only a step with "forEach" has an item\./,
      ),
      expect.stringMatching(
        /^WORKFLOW_FOREACH 6:17 "\$\{item\}" in the outputs/,
      ),
    ]);
  });

  it('has no value in what is worked out once', () => {
    expect(
      problems(
        foreach(
          '{ name: go, type: simulate, forEach: ["${item}"], if: "${item} == a", unless: "$index > 1", setVariables: { x: "${item}" } }',
        ),
      ).sort(),
    ).toEqual([
      'WORKFLOW_FOREACH /spec/steps/1/forEach/0',
      'WORKFLOW_FOREACH /spec/steps/1/if',
      'WORKFLOW_FOREACH /spec/steps/1/setVariables/x',
      'WORKFLOW_FOREACH /spec/steps/1/unless',
    ]);
  });

  it('says how items of items are done', () => {
    expect(
      found(
        foreach('{ name: go, type: simulate, forEach: "${item.list}" }'),
      )[0],
    ).toContain(
      'For items of items, call a workflow whose step has a "forEach" of its own.',
    );
  });

  it('leaves variables of that name alone elsewhere', () => {
    expect(
      problems(`${HEAD}spec:
  variables: { item: x }
  parameters: { index: { type: int } }
  steps:
    - { name: plain, type: simulate, text: "\${item} \${index}" }
`),
    ).toEqual([]);
  });
});

describe('the outputs of a step with forEach', () => {
  it('are "items" and nothing else', () => {
    const check = (reference: string) =>
      found(
        foreach(
          '{ name: go, type: simulate, forEach: [a] }',
          `{ name: after, type: simulate, text: "${reference}" }`,
        ),
      );
    for (const fine of [
      '${go.items}',
      '${steps.go.outputs.items.0.url}',
      '${go.outputs.items}',
      '${steps.go.outputs}',
    ]) {
      expect(check(fine)).toEqual([]);
    }
    for (const wrong of ['${go.url}', '${steps.go.outputs.url}']) {
      expect(check(wrong)[0]).toContain(
        'Write "${steps.go.outputs.items.0.url}" for that of the first item.',
      );
    }
  });

  it('of one item alone cannot be named by its step', () => {
    expect(
      problems(
        foreach(
          '{ name: go, type: simulate, forEach: [a] }',
          '{ name: after, type: simulate, dependsOn: [go-0] }',
        ),
      ),
    ).toEqual(['WORKFLOW_UNKNOWN_STEP /spec/steps/2/dependsOn/0']);
  });
});
