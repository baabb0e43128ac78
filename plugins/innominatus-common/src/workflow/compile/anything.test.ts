import fc from 'fast-check';
import { compileWorkflow } from './compileWorkflow';
import { readWorkflowDocuments } from './readWorkflowDocuments';
import { stepTypes } from './testCompile';

describe('whatever is written', () => {
  const words = fc.constantFrom(
    ...[
      'a',
      'b',
      'simulate',
      'scale',
      'always',
      '${a.x}',
      '$b',
      '${item}',
      '$index',
      'a ==',
      'a.failed',
      '',
      '5m',
    ],
  );
  const keys = fc.constantFrom(
    ...[
      'name',
      'type',
      'config',
      'env',
      'dependsOn',
      'parallel',
      'parallelGroup',
      'when',
      'if',
      'forEach',
      'maxParallel',
    ],
    ...[
      'unless',
      'timeout',
      'retry',
      'setVariables',
      'outputFile',
      'outputs',
      'replicas',
      'x',
    ],
    ...['__proto__', 'constructor'],
  );
  const { any } = fc.letrec<{ any: unknown; leaf: unknown }>(tie => ({
    leaf: fc.oneof(words, fc.boolean(), fc.integer(), fc.constant(null)),
    any: fc.oneof(
      { weight: 4, arbitrary: tie('leaf') },
      fc.array(tie('leaf'), { maxLength: 3 }),
      fc.dictionary(keys, tie('any'), { maxKeys: 3 }),
    ),
  }));

  it('compiling answers with diagnostics and a definition only without errors', () => {
    const step = fc.dictionary(keys, any, { maxKeys: 8 });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 4 }),
        any,
        any,
        (list, variables, parameters) => {
          const { definition, diagnostics } = compileWorkflow(
            {
              apiVersion: 'innominatus.dev/v1',
              kind: 'GoldenPath',
              metadata: { name: 'test' },
              spec: {
                steps: list.map((s, i) => ({
                  name: `s${i}`,
                  type: 'simulate',
                  ...s,
                })),
                variables,
                parameters,
              },
            },
            { stepTypes },
          );
          expect(definition === undefined).toBe(
            diagnostics.some(d => d.severity === 'error'),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('anything at all can be given', () => {
    fc.assert(
      fc.property(fc.anything(), source => {
        expect(compileWorkflow(source).diagnostics.length).toBeGreaterThan(0);
      }),
    );
    fc.assert(
      fc.property(fc.string(), text => {
        expect(Array.isArray(readWorkflowDocuments(text))).toBe(true);
      }),
    );
  });
});
