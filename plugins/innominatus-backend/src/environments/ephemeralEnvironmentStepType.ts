import {
  StepContext,
  StepFailure,
  createStepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { z } from 'zod';
import { ProblemError } from '../http/ProblemError';
import { durationSchema } from './environmentBodies';
import { EnvironmentService } from './EnvironmentService';

const word = z.string().min(1).max(255);

const schema = z.strictObject({
  /** Environment that allows copies by `ephemeral`. */
  from: z.string().min(1),
  project: word.optional(),
  /** Branch, or whatever else tells it from others. */
  branch: word,
  ttl: durationSchema.optional(),
});

type Config = z.output<typeof schema>;

/**
 * Step type that makes a short-lived environment. Who may run the golden path
 * may do this; the platform team wrote what it does.
 */
export function createEphemeralEnvironmentStepType(options: {
  environments: Pick<EnvironmentService, 'createCopy' | 'get' | 'remove'>;
}) {
  const { environments } = options;
  return createStepType({
    name: 'ephemeral-environment',
    description:
      'Makes a short-lived environment for a branch, or answers the one there is',
    schema,
    effects: 'external',
    // Asking again answers the same environment.
    onInterrupt: 'rerun',
    async run(context: StepContext<Config>) {
      const { config, run, log } = context;
      const { environment, isNew } = await orFail(() =>
        environments.createCopy({ request: config, by: run.initiator }),
      );
      const { name, expiresAt = '' } = environment;
      log.info(
        isNew
          ? `Made the environment ${name}, which ends ${expiresAt}`
          : `There is the environment ${name} already, which ends ${expiresAt}`,
      );
      return { outputs: { name, expiresAt, isNew } };
    },
    /** Only what this step made itself. */
    async undo(context) {
      const { name, isNew } = context.undone.outputs ?? {};
      if (typeof name !== 'string' || isNew !== true) {
        context.log.info('Nothing to remove: it was there before');
        return;
      }
      try {
        await environments.remove({ name });
        context.log.info(`The environment ${name} is being removed`);
      } catch (error) {
        if (!isGone(error)) {
          throw error;
        }
        context.log.info(`The environment ${name} is gone already`);
      }
    },
  });
}

function isGone(error: unknown): boolean {
  return (
    (error as Error).name === 'NotFoundError' ||
    (error instanceof ProblemError && error.code === 'ENVIRONMENT_REMOVING')
  );
}

async function orFail<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) {
      throw new StepFailure(error.message, { code: error.code, cause: error });
    }
    if ((error as Error).name === 'NotFoundError') {
      throw new StepFailure((error as Error).message, {
        code: 'ENVIRONMENT_MISSING',
        cause: error,
      });
    }
    throw error;
  }
}
