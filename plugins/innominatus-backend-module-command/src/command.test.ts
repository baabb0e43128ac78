import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { JsonObject } from '@innominatus/backstage-plugin-innominatus-common';
import {
  BoundStepRunner,
  ExitResult,
  innominatusStepTypesExtensionPoint,
  ProcessLostError,
  ProcessSpec,
  StepContext,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { createCommandStepType } from './createCommandStepType';
import module from './index';
import { CommandConfig, commandSchema } from './schema';

interface TestRunner extends BoundStepRunner {
  calls: Array<{ spec: ProcessSpec; replaceLost?: boolean }>;
}

function createRunner(
  results: Partial<{
    run: ExitResult;
    attach: () => Promise<ExitResult | undefined>;
  }> = {},
): TestRunner {
  const calls: TestRunner['calls'] = [];
  return {
    calls,
    run: async (spec, options) => {
      calls.push({ spec, replaceLost: options?.replaceLost });
      return results.run ?? { exitCode: 0, outputTruncated: false };
    },
    attach: results.attach ?? (async () => undefined),
  };
}

function run(
  config: JsonObject,
  context: Partial<StepContext<CommandConfig>> = {},
) {
  const write = () => {};
  return createCommandStepType().run({
    config: commandSchema.parse(config),
    run: { id: 'r', number: 1, initiator: 'user:default/jane', workflow: 'w' },
    step: { name: 's', attempt: 1 },
    parameters: {},
    env: {},
    log: { info: write, warn: write, error: write },
    logger: mockServices.logger.mock(),
    signal: new AbortController().signal,
    idempotencyKey: 'r/s/1',
    fencingToken: 1,
    resumed: false,
    workspace: async () => '/nowhere',
    artifacts: { write: async () => {}, read: async () => undefined },
    runner: createRunner(),
    keepSecret: async name => ({ $secretRef: name }),
    resolveSecrets: async value =>
      JSON.parse(JSON.stringify(value).replaceAll('<secret>', 'resolved')),
    resolveSecretText: async text => text,
    redact: () => {},
    ...context,
  });
}

describe('step type command', () => {
  it('comes with the module', async () => {
    const added: StepType[] = [];
    await startTestBackend({
      extensionPoints: [
        [
          innominatusStepTypesExtensionPoint,
          { addStepType: (...stepTypes) => added.push(...stepTypes) },
        ],
      ],
      features: [module],
    });
    expect(added).toMatchObject([
      { name: 'command', effects: 'external', onInterrupt: 'resume' },
    ]);
  });

  it('hands the program over as it is written, secrets resolved', async () => {
    const runner = createRunner();
    const result = await run(
      {
        program: 'tool',
        args: ['apply', '--count', 3, '--token=<secret>', true],
        stdin: 'input <secret>',
        cwd: 'folder',
        grace: '5m',
        limits: { outputBytes: 1000 },
      },
      { runner, env: { TOKEN: '<secret>' } },
    );
    expect(runner.calls).toEqual([
      {
        spec: {
          program: 'tool',
          args: ['apply', '--count', '3', '--token=resolved', 'true'],
          stdin: 'input resolved',
          env: { TOKEN: 'resolved' },
          cwd: 'folder',
          graceMs: 300_000,
          limits: { outputBytes: 1000 },
        },
        replaceLost: undefined,
      },
    ]);
    expect(result).toEqual({ outputs: { exitCode: 0 } });
  });

  it('has defaults that harm nobody', async () => {
    const runner = createRunner();
    await run({ program: 'tool' }, { runner });
    expect(runner.calls[0].spec).toMatchObject({ args: [], graceMs: 30_000 });
    await run({ program: 'tool', grace: 'unlimited' }, { runner });
    expect(runner.calls[1].spec.graceMs).toBe(Infinity);
  });

  it.each([
    [{ args: ['a'] }, 'program'],
    [{ program: '' }, 'program'],
    [{ program: 'a', args: 'b' }, 'args'],
    [{ program: 'a', args: [{ b: 1 }] }, 'args'],
    [{ program: 'a', grace: 'soon' }, 'grace'],
    [{ program: 'a', successExitCodes: [256] }, 'successExitCodes'],
    [{ program: 'a', successExitCodes: [] }, 'successExitCodes'],
    [{ program: 'a', shell: true }, 'shell'],
  ])('refuses %j', (config, key) => {
    const { error } = commandSchema.safeParse(config);
    expect(JSON.stringify(error?.issues)).toContain(key);
  });

  it.each<[Partial<ExitResult>, string]>([
    [{ exitCode: 1 }, 'COMMAND_FAILED'],
    [{ signal: 'SIGSEGV' }, 'COMMAND_KILLED'],
    [{ exitCode: 0, stoppedBy: 'cancel' }, 'COMMAND_CANCELLED'],
    [{ signal: 'SIGTERM', stoppedBy: 'time' }, 'COMMAND_TIMED_OUT'],
    [{ signal: 'SIGTERM', stoppedBy: 'memory' }, 'COMMAND_OUT_OF_MEMORY'],
  ])('fails when it ends with %j', async (end, code) => {
    const runner = createRunner({ run: { outputTruncated: false, ...end } });
    await expect(run({ program: 'tool' }, { runner })).rejects.toMatchObject({
      code,
      transient: false,
    });
  });

  it('takes the exit codes that are no failure', async () => {
    const runner = createRunner({
      run: { exitCode: 2, outputTruncated: false },
    });
    await expect(
      run({ program: 'tool', successExitCodes: [0, 2] }, { runner }),
    ).resolves.toEqual({ outputs: { exitCode: 2 } });
  });

  describe('after an interruption', () => {
    it('attaches to the program and does not start it', async () => {
      const runner = createRunner({
        attach: async () => ({ exitCode: 0, outputTruncated: false }),
      });
      await expect(
        run({ program: 'tool' }, { runner, resumed: true }),
      ).resolves.toEqual({ outputs: { exitCode: 0 } });
      expect(runner.calls).toEqual([]);
    });

    it.each([
      ['elsewhere', async () => undefined],
      [
        'lost',
        async () => {
          throw new ProcessLostError('gone');
        },
      ],
    ])('fails when the program is %s', async (_how, attach) => {
      const runner = createRunner({ attach });
      await expect(
        run({ program: 'tool' }, { runner, resumed: true }),
      ).rejects.toMatchObject({ code: 'PROCESS_LOST' });
      expect(runner.calls).toEqual([]);

      await run(
        { program: 'tool', whenLost: 'rerun' },
        { runner, resumed: true },
      );
      expect(runner.calls).toMatchObject([{ replaceLost: true }]);
    });

    it('is handed over when the next shutdown interrupts it', async () => {
      const runner = createRunner({
        attach: async () => {
          throw new Error('This backend shuts down');
        },
      });
      await expect(
        run({ program: 'tool', whenLost: 'rerun' }, { runner, resumed: true }),
      ).rejects.toThrow('This backend shuts down');
      expect(runner.calls).toEqual([]);
    });
  });
});
