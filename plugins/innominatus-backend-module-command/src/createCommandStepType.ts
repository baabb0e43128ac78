import { parseDuration } from '@innominatus/backstage-plugin-innominatus-common';
import {
  createStepType,
  ExitResult,
  ProcessSpec,
  StepContext,
  StepFailure,
  StepResult,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { checkEnd } from './checkEnd';
import { CommandConfig, commandSchema } from './schema';

type Step = StepContext<CommandConfig>;

/**
 * The step type `command`: runs a program that the platform team allows.
 *
 * @public
 */
export function createCommandStepType(): StepType {
  return createStepType({
    name: 'command',
    description:
      'Runs a program that the platform team allows, without a shell',
    schema: commandSchema,
    effects: 'external',
    // The program goes on without the backend; it is attached to again.
    onInterrupt: 'resume',
    run: runCommand,
  });
}

async function runCommand(step: Step): Promise<StepResult> {
  const spec = await readSpec(step);
  const result = step.resumed
    ? await resume(step, spec)
    : await step.runner.run(spec);
  const exitCode = checkEnd(result, step.config);
  return { outputs: { exitCode } };
}

async function readSpec(step: Step): Promise<ProcessSpec> {
  const { program, args, stdin, cwd, grace, limits } = step.config;
  const secret = await step.resolveSecrets({
    args,
    env: step.env,
    ...(stdin === undefined ? {} : { stdin }),
  });
  return {
    program,
    args: secret.args,
    env: secret.env,
    stdin: secret.stdin,
    cwd,
    graceMs: grace === 'unlimited' ? Infinity : parseDuration(grace),
    limits,
  };
}

/**
 * Goes on with the program that an earlier worker started. When it is not here,
 * or gone without a trace, it may have done all or nothing of its work.
 */
async function resume(step: Step, spec: ProcessSpec): Promise<ExitResult> {
  const { program, whenLost } = step.config;
  const found = await attach(step);
  if (found) {
    return found;
  }
  if (whenLost === 'fail') {
    throw new StepFailure(
      `Nobody knows how "${program}" ended: its machine or its container is gone, or another backend took over from elsewhere. See what it has done, then retry the step. Set "whenLost: rerun" if it may always run again.`,
      { code: 'PROCESS_LOST' },
    );
  }
  step.log.warn(
    `Nobody knows how "${program}" ended. It runs again, as "whenLost" says.`,
  );
  return step.runner.run(spec, { replaceLost: true });
}

async function attach(step: Step): Promise<ExitResult | undefined> {
  try {
    return await step.runner.attach();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'PROCESS_LOST') {
      return undefined;
    }
    throw error;
  }
}
