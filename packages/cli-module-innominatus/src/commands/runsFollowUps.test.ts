import { sendJson } from '../testing/FakeBackend';
import { sampleRun } from '../testing/samples';
import { useCli } from '../testing/useCli';

const RETRY = {
  version: 'v1',
  kept: ['plan'],
  again: [
    {
      step: 'apply',
      type: 'kubernetes',
      effects: 'external',
      startedBefore: true,
    },
    { step: 'tell', type: 'simulate', effects: 'none', startedBefore: false },
  ],
  acknowledge: ['apply'],
  allowed: true,
};
const UNDO = {
  version: 'v2',
  steps: [
    { step: 'apply', type: 'kubernetes', effects: 'external', undoable: true },
    {
      step: 'plan',
      type: 'http',
      effects: 'external',
      undoable: false,
      obstacle: 'noUndo',
      reason: 'Steps of type "http" cannot be undone.',
    },
  ],
  acknowledge: ['apply'],
  allowed: true,
};

jest.setTimeout(60_000);

describe('retry and undo', () => {
  const { backend, run } = useCli();

  beforeEach(() => {
    backend
      .on('GET /v1/runs/42/retry-preview', RETRY)
      .on('GET /v1/runs/42/undo-preview', UNDO)
      .on('POST /v1/runs/42/retry', sampleRun({ number: 43 }))
      .on('POST /v1/runs/42/undo', sampleRun({ number: 44 }));
  });

  it.each([['runs', 'retry'], ['retry']])(
    '%s %s shows what runs again, and starts what was shown',
    async (...words) => {
      const argv = words.filter(Boolean) as string[];
      const { code, stdout, stderr } = await run(
        ...[...argv, '42', '--from', 'apply', '--yes', '-o', 'name'],
      );
      expect({ code, stdout }).toEqual({ code: 0, stdout: '43\n' });
      expect(stderr).toContain('kept   plan');
      expect(stderr).toContain(
        'again  apply, started before and touches systems outside again',
      );
      expect(
        backend.seen('GET /v1/runs/42/retry-preview')[0].query.get('from'),
      ).toBe('apply');
      const [{ body, headers }] = backend.seen('POST /v1/runs/42/retry');
      expect(body).toEqual({
        previewVersion: 'v1',
        acknowledge: ['apply'],
        from: 'apply',
      });
      expect(headers['idempotency-key']).toBeTruthy();
    },
  );

  it('starts nothing where nobody can agree', async () => {
    for (const verb of ['retry', 'undo']) {
      const { code, stderr } = await run('runs', verb, '42');
      expect(code).toBe(2);
      expect(stderr).toContain('touches systems outside in apply');
      expect(stderr).toContain('--yes');
      expect(backend.seen(`POST /v1/runs/42/${verb}`)).toEqual([]);
    }
  });

  it('does not ask when nothing outside is touched', async () => {
    backend.on('GET /v1/runs/42/retry-preview', { ...RETRY, acknowledge: [] });
    const { code } = await run('runs', 'retry', '42');
    expect(code).toBe(0);
  });

  it('says what is undone and what stays', async () => {
    const { stdout } = await run('runs', 'undo', '42', '--dry-run');
    expect(stdout).toBe(
      '  undo   apply, touches systems outside\n  stays  plan: Steps of type "http" cannot be undone.\n',
    );
    const json = await run('runs', 'undo', '42', '--dry-run', '-o', 'json');
    expect(JSON.parse(json.stdout)).toEqual(UNDO);
    expect(backend.seen('POST /v1/runs/42/undo')).toEqual([]);
    const started = await run('undo', '42', '--yes', '-o', 'json');
    expect(JSON.parse(started.stdout).number).toBe(44);
  });

  it('says what an undo would leave as things are now', async () => {
    const [apply, ...others] = UNDO.steps;
    const warnings = ['ConfigMap "a" stays as it is: it was changed since.'];
    backend.on('GET /v1/runs/42/undo-preview', {
      ...UNDO,
      steps: [{ ...apply, warnings }, ...others],
    });
    const { stdout } = await run('runs', 'undo', '42', '--dry-run');
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      '  undo   apply, touches systems outside',
      '         ! ConfigMap "a" stays as it is: it was changed since.',
    ]);
  });

  it('ends with a conflict when it is not allowed, or the preview is stale', async () => {
    backend.on('GET /v1/runs/42/retry-preview', {
      ...RETRY,
      allowed: false,
      reason: 'Run 42 was retried by run 43.',
    });
    const refused = await run('runs', 'retry', '42', '--yes');
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain('Run 42 was retried by run 43.');
    backend.on('POST /v1/runs/42/undo', (_request, response) =>
      sendJson(response, 409, {
        status: 409,
        code: 'PREVIEW_CHANGED',
        detail: 'Look at a new one.',
      }),
    );
    expect((await run('runs', 'undo', '42', '--yes')).code).toBe(8);
  });
});
