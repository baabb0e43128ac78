import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { StepRunner } from '@innominatus/backstage-plugin-innominatus-node';
import { LocalProcessRunner, readLocalRunnerConfig } from './local';

const KEY = 'innominatus.runner.type';

export interface StepRunnerOptions {
  config: Config;
  logger: LoggerService;
  /** Brought in by modules. */
  stepRunners?: StepRunner[];
}

/** The step runner that `innominatus.runner.type` names; default `local`. */
export function createStepRunner(options: StepRunnerOptions): StepRunner {
  const { config, logger, stepRunners = [] } = options;
  const byType = new Map<string, () => StepRunner>([
    [
      'local',
      () =>
        LocalProcessRunner.create({
          config: readLocalRunnerConfig(config),
          logger,
        }),
    ],
  ]);
  for (const runner of stepRunners) {
    if (byType.has(runner.type)) {
      throw new Error(
        `Step runner "${runner.type}" is registered twice. Remove one of the modules that bring it.`,
      );
    }
    byType.set(runner.type, () => runner);
  }
  const type = config.getOptionalString(KEY) ?? 'local';
  const create = byType.get(type);
  if (!create) {
    throw new Error(
      `The value of "${KEY}" is "${type}", but no module brings such a step runner. Expected ${[...byType.keys()].map(name => `"${name}"`).join(' or ')}. Add the module that brings "${type}" to the backend, or change the value.`,
    );
  }
  return create();
}
