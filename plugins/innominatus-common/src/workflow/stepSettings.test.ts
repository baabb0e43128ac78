import { JsonValue } from '../json';
import { compile, HEAD, problems, steps } from './compile/testCompile';
import { decide, evolve } from './engine';
import { settleSteps, startScope } from './stepSettings';

const environment = { name: 'staging', type: 'staging', patience: '2m' };

function settle(
  step: string,
  parameters: Record<string, JsonValue> = {},
  options: { spec?: string; maxStepTimeoutMs?: number } = {},
) {
  const { definition, diagnostics } = compile(
    `${HEAD}spec:\n  variables: { pause: 90s }\n${options.spec ?? ''}  steps:\n    - ${step}\n`,
    { maxStepTimeoutMs: options.maxStepTimeoutMs },
  );
  if (!definition) {
    throw new Error(diagnostics.map(d => d.message).join('\n'));
  }
  const scope = startScope(definition, {
    parameters,
    environment,
    app: { name: 'shop' },
    run: { id: 'run-1', number: 7 },
  });
  const settled = settleSteps(definition, scope);
  const [first] = settled.steps;
  return {
    before: definition,
    definition: settled,
    step: first,
    problem: first.settings?.problem,
  };
}

describe('the timeout of a step', () => {
  it.each([
    ['${params.wait}', { wait: '5m' }, 300_000],
    ['$wait', { wait: 45 }, 45_000],
    ['${pause}', {}, 90_000],
    ['${environment.patience}', {}, 120_000],
    ['${params.minutes}m', { minutes: 3 }, 180_000],
  ])('"%s" is known when the run begins', (text, parameters, expected) => {
    const { step } = settle(
      `{ name: a, type: simulate, timeout: '${text}' }`,
      parameters,
    );
    expect(step.timeoutMs).toBe(expected);
    expect(step.settings).toBeUndefined();
  });

  it('stays the default for an optional parameter that is not given', () => {
    const { before } = settle(
      `{ name: a, type: wait, duration: 1s, timeout: '\${params.wait}' }`,
    );
    const scope = startScope(
      { ...before, optional: { wait: '' } },
      { parameters: {} },
    );
    const [step] = settleSteps(before, scope).steps;
    expect(step).toMatchObject({ timeoutMs: 60_000 });
    expect(step.settings).toBeUndefined();
  });

  it.each([
    [
      { wait: 'soon' },
      '"${params.wait}": "soon" is not a duration such as "90s", "30m" or "1h30m".',
    ],
    [
      { wait: 0 },
      '"${params.wait}": "0" is not a duration such as "90s", "30m" or "1h30m".',
    ],
    [
      { wait: '3h' },
      '"${params.wait}": 3h is longer than the 2h that a step may take.',
    ],
    [
      { wait: { $secretRef: 'run/1/x' } },
      '"${params.wait}": "••••" is not a duration such as "90s", "30m" or "1h30m".',
    ],
    [
      {},
      'The reference "${params.wait}" at "/timeout" has no value in "params". Nothing is there yet.',
    ],
  ])('with %j is a problem', (parameters, message) => {
    const { problem } = settle(
      `{ name: a, type: simulate, timeout: '\${params.wait}' }`,
      parameters,
      { maxStepTimeoutMs: 7_200_000 },
    );
    expect(problem).toBe(
      `"timeout" of step "a" has no value that can be used. ${message}`,
    );
  });
});

describe('the attempts of a step', () => {
  it.each(["'${params.tries}'", "{ attempts: '${params.tries}', on: [A] }"])(
    'of "retry: %s" are known when the run begins',
    retry => {
      const line = `{ name: a, type: simulate, retry: ${retry} }`;
      expect(settle(line, { tries: 4 }).step.retry.attempts).toBe(4);
      expect(settle(line, { tries: '5' }).step.retry.attempts).toBe(5);
      expect(settle(line, { tries: 99 }).problem).toBe(
        '"retry" of step "a" has no value that can be used. "${params.tries}": "99" is not a number of attempts from 1 to 50.',
      );
    },
  );
});

describe('the title of a step', () => {
  const title = (text: string, more = '') =>
    settle(`{ name: a, type: simulate, title: '${text}'${more} }`, {
      size: 'a$b ${params.size}',
      key: { $secretRef: 'run/1/x' },
    }).step.title;

  it('is filled in with what is known when the run begins, once', () => {
    expect(title('Costs $5 in $HOME')).toBe('Costs $5 in $HOME');
    expect(title('${app.name} to ${environment.name}')).toBe('shop to staging');
    expect(title('Run ${run.number}, $$5: ${params.size}')).toBe(
      'Run 7, $5: a$b ${params.size}',
    );
    expect(title('With ${params.key}')).toBe('With ••••');
  });

  it('leaves the item of a "forEach" to the steps of the items', () => {
    const each = ', forEach: [eu, us]';
    expect(title('${item} of ${app.name} for $5', each)).toBe(
      '${item} of shop for $$5',
    );
    const { before } = settle(
      `{ name: a, type: simulate, title: '\${item}: \${params.size} $5', forEach: [eu] }`,
    );
    const input = {
      parameters: { size: '${item}' },
      metadata: {},
      run: { id: 'run-1', number: 7 },
    };
    const begun = evolve(undefined, {
      type: 'RunStarted',
      at: 0,
      definition: before,
      input,
    });
    const expanded = evolve(begun, {
      type: 'StepExpanded',
      at: 1,
      step: 'a',
      items: ['eu'],
    });
    expect(expanded.definition.steps[1].title).toBe('eu: ${item} $5');
  });
});

it('a run begins with what was filled in', () => {
  const { before } = settle(
    `{ name: a, type: simulate, title: 'Wait \${params.wait}', timeout: '\${params.wait}' }`,
  );
  const { definition } = evolve(undefined, {
    type: 'RunStarted',
    at: 0,
    definition: before,
    input: {
      parameters: { wait: '7m' },
      metadata: {},
      run: { id: 'run-1', number: 1 },
    },
  });
  expect(definition.steps[0]).toMatchObject({
    title: 'Wait 7m',
    timeoutMs: 420_000,
  });
});

it('a step whose timeout is none fails before it does anything', () => {
  const { before } = settle(
    `{ name: a, type: simulate, timeout: '\${params.wait}' }`,
  );
  const begun = evolve(undefined, {
    type: 'RunStarted',
    at: 0,
    definition: before,
    input: {
      parameters: { wait: 'soon' },
      metadata: {},
      run: { id: 'run-1', number: 1 },
    },
  });
  expect(decide(begun)[0]).toMatchObject({
    type: 'SkipStep',
    step: 'a',
    status: 'failed',
    error: {
      code: 'REFERENCE_UNRESOLVED',
      message: expect.stringContaining('"soon" is not a duration'),
    },
  });
});

it('a definition without references stays the same object', () => {
  const { definition, before } = settle('{ name: a, type: simulate }');
  expect(definition).toBe(before);
});

describe('a setting that is not known when the run begins is refused', () => {
  it.each([
    ['{ name: b, type: simulate, timeout: "${steps.a.outputs.x}" }', 'timeout'],
    ['{ name: b, type: simulate, timeout: "${a.x}" }', 'timeout'],
    ['{ name: b, type: simulate, timeout: "${resources.db.x}" }', 'timeout'],
    ['{ name: b, type: simulate, timeout: "$later" }', 'timeout'],
    ['{ name: b, type: simulate, retry: "${steps.a.outputs.x}" }', 'retry'],
  ])('%s', (line, key) => {
    expect(
      problems(
        steps('{ name: a, type: simulate, setVariables: { later: 1m } }', line),
      ),
    ).toEqual([`WORKFLOW_REFERENCE /spec/steps/1/${key}`]);
  });

  it('as are names that nothing has, items and broken references', () => {
    const check = (line: string, more = {}) => problems(steps(line), more);
    expect(
      check('{ name: a, type: simulate, timeout: "${params.typo}" }', {
        parameters: ['wait'],
      }),
    ).toEqual(['WORKFLOW_REFERENCE /spec/steps/0/timeout']);
    expect(
      check(
        '{ name: a, type: simulate, timeout: "${item}", forEach: [1m, 2m] }',
      ),
    ).toEqual(['WORKFLOW_FOREACH /spec/steps/0/timeout']);
    expect(check('{ name: a, type: simulate, timeout: "${" }')).toEqual([
      'WORKFLOW_REFERENCE /spec/steps/0/timeout',
    ]);
  });
});
