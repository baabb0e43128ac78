import {
  ExitResult,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { CommandConfig } from './schema';

/** Answers the exit code of a success; anything else is a failure. */
export function checkEnd(
  result: ExitResult,
  config: Pick<CommandConfig, 'program' | 'successExitCodes'>,
): number {
  const { exitCode, signal, stoppedBy } = result;
  const { program, successExitCodes } = config;
  const how =
    signal === undefined
      ? `ended with exit code ${exitCode}`
      : `was ended by ${signal}`;
  if (stoppedBy === 'cancel') {
    throw new StepFailure(`"${program}" was told to end and ${how}.`, {
      code: 'COMMAND_CANCELLED',
    });
  }
  if (stoppedBy === 'time') {
    throw new StepFailure(
      `"${program}" was told to end, because its time is over, and ${how}. Give the step a longer "timeout".`,
      { code: 'COMMAND_TIMED_OUT' },
    );
  }
  if (stoppedBy === 'memory') {
    throw new StepFailure(
      `"${program}" was told to end, because it took more memory than it may, and ${how}. Let it do less at a time, or raise "limits.memoryBytes" or "innominatus.runner.local.memoryBytes".`,
      { code: 'COMMAND_OUT_OF_MEMORY' },
    );
  }
  if (exitCode === undefined) {
    throw new StepFailure(`"${program}" ${how}.`, { code: 'COMMAND_KILLED' });
  }
  if (!successExitCodes.includes(exitCode)) {
    throw new StepFailure(
      `"${program}" ${how}; the log of the step says why. Exit codes that are no failure belong into "successExitCodes".`,
      { code: 'COMMAND_FAILED' },
    );
  }
  return exitCode;
}
