import { compile, order, problems, steps } from './testCompile';

describe('order', () => {
  const step = (name: string, more: string = '') =>
    `{ name: ${name}, type: simulate${more} }`;

  it('is the order of the file without hints', () => {
    expect(order(steps(step('a'), step('b'), step('c')))).toEqual({
      a: [],
      b: ['a'],
      c: ['b'],
    });
  });

  it('makes one stage of neighbours with parallel: true', () => {
    const p = ', parallel: true';
    expect(
      order(
        steps(
          step('a'),
          step('b', p),
          step('c', p),
          step('d'),
          step('e', p),
          step('f'),
        ),
      ),
    ).toEqual({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'], e: ['d'], f: ['e'] });
  });

  it('makes one stage of equal parallelGroup numbers at the place of the first', () => {
    const g = (n: number) => `, parallelGroup: ${n}`;
    expect(
      order(
        steps(
          step('a', g(7)),
          step('b'),
          step('c', g(7)),
          step('d', g(3)),
          step('e', g(3)),
        ),
      ),
    ).toEqual({ a: [], c: [], b: ['a', 'c'], d: ['b'], e: ['b'] });
  });

  it('lets dependsOn replace the implied edge', () => {
    expect(
      order(
        steps(
          step('a'),
          step('b'),
          step('c', ', dependsOn: [a]'),
          step('d', ', dependsOn: []'),
          step('e'),
        ),
      ),
    ).toEqual({ a: [], b: ['a'], c: ['a'], d: [], e: ['d'] });
    expect(order(steps(step('a'), step('b', ', dependsOn: a')))).toEqual({
      a: [],
      b: ['a'],
    });
  });

  it('tells the stage in which a step can start at the earliest', () => {
    const { definition } = compile(
      steps(
        step('a'),
        step('b'),
        step('c', ', dependsOn: [a]'),
        step('d', ', dependsOn: [b, c]'),
      ),
    );
    expect(definition?.steps.map(s => s.stage)).toEqual([0, 1, 1, 2]);
  });

  it('refuses cycles and prints the path', () => {
    const { diagnostics } = compile(
      steps(step('a', ', dependsOn: [c]'), step('b'), step('c')),
    );
    expect(diagnostics[0]).toMatchObject({
      code: 'WORKFLOW_CYCLE',
      message: expect.stringContaining('a → c → b → a'),
    });
    expect(problems(steps(step('a', ', dependsOn: [a]')))).toEqual([
      'WORKFLOW_CYCLE /spec/steps/0/dependsOn',
    ]);
  });

  it('refuses unknown and repeated names', () => {
    const { diagnostics } = compile(
      steps(step('build'), step('b', ', dependsOn: [buld]')),
    );
    expect(diagnostics[0].suggestions[0]).toBe('Did you mean "build"?');
    expect(problems(steps(step('a'), step('a')))).toEqual([
      'WORKFLOW_DUPLICATE_STEP /spec/steps/1/name',
    ]);
  });

  it('keeps finally apart from the other steps', () => {
    const text = `${steps(step('a'))}  finally:\n    - ${step('f')}\n    - ${step('g', ', dependsOn: [a]')}\n`;
    expect(problems(text)).toEqual([
      'WORKFLOW_UNKNOWN_STEP /spec/finally/1/dependsOn/0',
    ]);
  });
});
