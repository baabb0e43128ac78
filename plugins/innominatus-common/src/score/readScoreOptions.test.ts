import fc from 'fast-check';
import { FULL_SPEC, minimalSpec } from './__fixtures__/specs';
import { readScore, ReadScoreOptions } from './readScore';

function issues(text: string, options?: ReadScoreOptions) {
  return readScore(text, options).diagnostics.map(
    ({ severity, code, pointer, line }) =>
      `${severity} ${code} ${pointer} @${line}`,
  );
}

describe('readScore', () => {
  describe('images given at deploy', () => {
    const one = minimalSpec().replace('nginx:1.27', '.');
    const two = `${one}  side: { image: a:1 }\n`;

    it('are an error when no container has an image, else a warning', () => {
      expect(issues(one)).toEqual([
        'error SCORE_IMAGE_MISSING /containers/main/image @6',
      ]);
      expect(issues(two)).toEqual([
        'warning SCORE_IMAGE_MISSING /containers/main/image @6',
      ]);
    });

    it('follow what the caller is about to do', () => {
      expect(readScore(one, { deployable: false }).valid).toBe(true);
      expect(readScore(two, { deployable: true }).valid).toBe(false);
      expect(
        readScore(
          minimalSpec({ container: 'before: { x1: { ready: started } }' }),
          {
            deployable: true,
          },
        ).valid,
      ).toBe(false);
    });

    it('are filled from the option and from overrides', () => {
      const image = 'nginx:1.27';
      const filled = readScore(one, { image });
      expect(filled.diagnostics).toEqual([]);
      expect(filled.workload?.containers.main.image).toBe(image);
      expect(
        readScore(one, {
          overrideProperties: [`containers.main.image=${image}`],
        }).workload?.containers.main.image,
      ).toBe(image);
    });
  });

  describe('overrides', () => {
    it('are applied before the checks, assignments last', () => {
      const { workload, diagnostics } = readScore(minimalSpec(), {
        overrides: { containers: { main: { variables: { A: 'x', B: 'y' } } } },
        overrideProperties: [
          'containers.main.variables.A="8080"',
          'containers.main.variables.B=',
        ],
      });
      expect(diagnostics).toEqual([]);
      expect(workload?.containers.main.variables).toEqual({ A: '8080' });
    });

    it('may be YAML text', () => {
      expect(
        readScore(minimalSpec(), { overrides: 'metadata: { name: other }' })
          .workload?.name,
      ).toBe('other');
    });

    it('give problems the nearest place that was written', () => {
      expect(
        issues(minimalSpec(), {
          overrideProperties: ['containers.main.variables.A=true'],
        }),
      ).toEqual(['error SCORE_WRONG_TYPE /containers/main/variables/A @5']);
    });

    it.each<[ReadScoreOptions]>([
      [{ overrides: [1] }],
      [{ overrides: 'a: [' }],
      [{ overrides: JSON.parse('{"__proto__": {"a": 1}}') }],
      [{ overrides: () => 1 }],
      [{ overrideProperties: ['nothing'] }],
      [{ overrideProperties: Array(300).fill('metadata.a=1') }],
    ])('that do not fit are an error: %j', options => {
      expect(issues(minimalSpec(), options)).toEqual([
        'error SCORE_OVERRIDE  @1',
      ]);
    });
  });

  describe('deprecated forms', () => {
    const lists = minimalSpec({
      container:
        'files:\n- target: /etc/a\n  content: x\nvolumes:\n- { target: /data, source: vol }',
    });

    it('of files and volumes are upgraded with a warning', () => {
      expect(issues(lists)).toEqual([
        'warning SCORE_DEPRECATED /containers/main/files @7',
        'warning SCORE_DEPRECATED /containers/main/volumes @10',
      ]);
      const { workload } = readScore(lists);
      expect(workload?.containers.main.files).toEqual({
        '/etc/a': { content: 'x', noExpand: false },
      });
      expect(workload?.containers.main.volumes).toEqual({
        '/data': { source: 'vol', readOnly: false },
      });
    });

    it('keep the places of the problems in them', () => {
      expect(issues(lists.replace('content: x', 'content: ${a.b}'))).toContain(
        'error SCORE_PLACEHOLDER_ROOT /containers/main/files/0/content @9',
      );
    });

    it('need a target, and one only once', () => {
      expect(
        issues(
          minimalSpec({
            container:
              'files:\n- content: x\n- { target: /a, content: x }\n- { target: /a, content: y }',
          }),
        ),
      ).toEqual([
        'error SCORE_TARGET /containers/main/files/0 @8',
        'error SCORE_TARGET /containers/main/files/2 @10',
        'warning SCORE_DEPRECATED /containers/main/files @7',
      ]);
    });

    it('that Score removed are errors unless they are asked for', () => {
      const removed = minimalSpec({
        container:
          'files:\n- target: /a\n  content: [x, y]\nvolumes:\n- { target: /d, source: v, read_only: true }',
      });
      expect(issues(removed).filter(text => text.startsWith('error'))).toEqual([
        'error SCORE_REMOVED /containers/main/files/0/content @9',
        'error SCORE_REMOVED /containers/main/volumes/0/read_only @11',
      ]);
      const { valid, workload } = readScore(removed, { acceptRemoved: true });
      expect(valid).toBe(true);
      expect(workload?.containers.main.files['/a'].content).toBe('x\ny');
      expect(workload?.containers.main.volumes['/d'].readOnly).toBe(true);
    });
  });

  describe('arbitrary input', () => {
    it('never throws', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), text => {
          const { valid, diagnostics } = readScore(text);
          expect(valid).toBe(false);
          expect(diagnostics.length).toBeGreaterThan(0);
        }),
        { numRuns: 500 },
      );
    });

    it('never throws on specs with damage', () => {
      fc.assert(
        fc.property(
          fc.nat(FULL_SPEC.length),
          fc.nat(40),
          fc.string({
            unit: fc.constantFrom(...'${}[]:-&*!|>\'"#?%@,\n\t .a1'.split('')),
            maxLength: 8,
          }),
          (at, length, replacement) => {
            const text =
              FULL_SPEC.slice(0, at) +
              replacement +
              FULL_SPEC.slice(at + length);
            const { valid, workload, diagnostics } = readScore(text);
            expect(workload !== undefined).toBe(valid);
            for (const { line, column } of diagnostics) {
              expect(line).toBeGreaterThan(0);
              expect(column).toBeGreaterThan(0);
            }
          },
        ),
        { numRuns: 500 },
      );
    });

    it('takes bounded time for many wrong names and placeholders', () => {
      const names = Array.from(
        { length: 3000 },
        (_, i) => `resource-name-${i}`,
      );
      const started = Date.now();
      const { diagnostics } = readScore(
        minimalSpec({
          container: `variables:\n  A: "${'${resources.resource-nmae.x}'.repeat(5000)}"`,
          rest: `resources:\n${names.map(name => `  ${name}: { type: tt }`).join('\n')}`,
        }),
      );
      expect(diagnostics).toHaveLength(50);
      expect(Date.now() - started).toBeLessThan(5000);
    });
  });
});
