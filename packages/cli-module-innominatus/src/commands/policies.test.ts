import path from 'node:path';
import { FakeBackend } from '../testing/FakeBackend';
import { signedIn, useTestCli } from '../testing/useCli';

jest.setTimeout(60_000);

const EXAMPLES = path.resolve(__dirname, '../../../../examples');

const POLICY = `apiVersion: innominatus.dev/v1
kind: Policy
metadata: { name: small }
spec: { limits: { steps: 1 } }
`;
const CASES = (result: string) => `cases:
  - name: two steps
    input: { plan: { steps: [{ name: a, type: x }, { name: b, type: x }] } }
    expect: { result: ${result} }
`;

describe('policies', () => {
  const cli = useTestCli();

  const test = async (policy: string, cases: string, ...more: string[]) =>
    cli.run([
      'policy',
      'test',
      await cli.write('policy.yaml', policy),
      await cli.write('cases.yaml', cases),
      ...more,
    ]);

  it('of the examples pass their cases, offline', async () => {
    const { code, stdout } = await cli.run([
      ...['policies', 'test'],
      path.join(EXAMPLES, 'policies'),
      path.join(EXAMPLES, 'policy-tests'),
    ]);
    expect(stdout).toMatch(/(\d+) of \1 cases came out as expected/);
    expect(code).toBe(0);
  });

  it('that answer something else than expected are an exit code and a reason', async () => {
    const good = await test(POLICY, CASES('deny'));
    expect(good).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('ok   two steps'),
    });
    const bad = await test(POLICY, CASES('pass'));
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('FAIL two steps');
    expect(bad.stdout).toContain('There are 2 steps, at most 1 are allowed.');
    const json = await test(POLICY, CASES('pass'), '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      passed: false,
      items: [{ name: 'two steps', passed: false }],
    });
  });

  it('with errors are told by file and line', async () => {
    const wrong = await test(
      POLICY.replace('limits: {', 'limit: {'),
      CASES('deny'),
    );
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/policy.yaml:4.*limit/);
    const cases = await test(POLICY, CASES('maybe'));
    expect(cases.stderr).toContain('cases.0.expect.result');
    expect((await test(POLICY, POLICY)).code).toBe(2);
    const { code, stderr } = await cli.run(['policies', 'test', 'nowhere']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('"nowhere" cannot be read'),
    });
  });

  it('of the backend are listed, shown and tried', async () => {
    const backend = await FakeBackend.start();
    const env = signedIn(backend);
    const policy = {
      name: 'small',
      tier: 'platform',
      enforcement: 'deny',
      appliesTo: {},
      limits: { steps: 1 },
      rules: [{ name: 'r', expression: 'true', message: 'M' }],
      line: 1,
    };
    backend
      .on('GET /v1/policies', { items: [policy] })
      .on('GET /v1/policies/small', policy)
      .on('POST /v1/policies/test', {
        passed: true,
        items: [
          { name: 'two steps', passed: true, problems: [], verdicts: [] },
        ],
      });
    const run = (...argv: string[]) => cli.run(['policies', ...argv], { env });
    expect((await run('list')).stdout).toContain('small');
    expect((await run('get', 'small')).stdout).toContain('{"steps":1}');
    const cases = await cli.write('cases.yaml', CASES('deny'));
    expect((await run('test', cases, '--installed')).code).toBe(0);
    expect(backend.seen('POST /v1/policies/test')).toHaveLength(1);
    await backend.stop();
  });
});
