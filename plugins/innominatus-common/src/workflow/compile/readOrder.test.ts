import { compile, problems, HEAD } from './testCompile';

const workflow = (...lines: string[]) =>
  `${HEAD}spec:\n  steps: [{ name: a, type: simulate }]\n${lines.map(line => `  ${line}\n`).join('')}`;

const read = (...lines: string[]) => compile(workflow(...lines)).definition;

describe('the priority of a workflow', () => {
  it.each([
    ['priority: -100', -100],
    ['priority: 7', 7],
    ['priority: low', -50],
    ['priority: normal', 0],
    ['priority: high', 50],
  ])('%s', (line, priority) => {
    expect(read(line)?.priority).toBe(priority);
  });

  it.each(['101', '1.5', 'urgent', '"5"', 'constructor'])(
    'cannot be %s',
    value => {
      expect(problems(workflow(`priority: ${value}`))).toEqual([
        'WORKFLOW_PRIORITY /spec/priority',
      ]);
    },
  );
});

describe('the concurrency of a workflow', () => {
  it('is a group and a limit, one when nothing is said', () => {
    expect(
      read("concurrency: { group: 'env/${environment.name}' }")?.concurrency,
    ).toEqual({ group: 'env/${environment.name}', limit: 1 });
    expect(
      read("concurrency: { group: 'x/$params.a', limit: 3 }")?.concurrency,
    ).toEqual({ group: 'x/$params.a', limit: 3 });
  });

  it('counts the runs of the workflow itself in its short form', () => {
    expect(read('concurrency: 2')?.concurrency).toEqual({
      group: 'test',
      limit: 2,
    });
    expect(read('concurrency: { limit: 2 }')?.concurrency).toEqual({
      group: 'test',
      limit: 2,
    });
  });

  it('cannot refer to what only exists once the run has begun', () => {
    const text = workflow("concurrency: { group: '${steps.a.outputs.x}' }");
    expect(problems(text)).toEqual([
      'WORKFLOW_CONCURRENCY /spec/concurrency/group',
    ]);
    expect(compile(text).diagnostics[0]).toMatchObject({
      line: 7,
      message: expect.stringContaining('${steps.a.outputs.x}'),
    });
  });

  it.each([
    ['concurrency: 0', 'WORKFLOW_CONCURRENCY /spec/concurrency'],
    ['concurrency: many', 'WORKFLOW_INVALID /spec/concurrency'],
    [
      'concurrency: { limit: 1.5 }',
      'WORKFLOW_CONCURRENCY /spec/concurrency/limit',
    ],
    [
      "concurrency: { group: '' }",
      'WORKFLOW_CONCURRENCY /spec/concurrency/group',
    ],
    [
      "concurrency: { group: '${app' }",
      'WORKFLOW_REFERENCE /spec/concurrency/group',
    ],
    [
      'concurrency: { limits: 1 }',
      'WORKFLOW_UNKNOWN_KEY /spec/concurrency/limits',
    ],
  ])('%s is an error', (line, problem) => {
    expect(problems(workflow(line))).toEqual([problem]);
  });
});

describe('limits of the platform', () => {
  it('refuse a workflow with too many steps, and say where', () => {
    const text = `${HEAD}spec:\n  steps:\n    - { name: a, type: simulate }\n    - { name: b, type: simulate }\n`;
    expect(problems(text, { maxSteps: 2 })).toEqual([]);
    expect(problems(text, { maxSteps: 1 })).toEqual([
      'WORKFLOW_TOO_MANY_STEPS /spec/steps',
    ]);
  });

  it('refuse timeouts that are too long, and shorten the usual ones', () => {
    const text = `${HEAD}spec:\n  steps: [{ name: a, type: simulate, timeout: 2h }, { name: b, type: simulate }]\n`;
    expect(problems(text, { maxStepTimeoutMs: 3_600_000 })).toEqual([
      'WORKFLOW_TIMEOUT_TOO_LONG /spec/steps/0/timeout',
    ]);
    const bounds = { maxStepTimeoutMs: 1_000, maxTimeoutMs: 2_000 };
    expect(compile(workflow(), bounds).definition).toMatchObject({
      timeoutMs: 2_000,
      steps: [{ timeoutMs: 1_000 }],
    });
  });
});
